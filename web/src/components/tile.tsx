import type { ReactNode } from "react";

/** One figure with its name. */
export function Tile({
  name,
  value,
  id,
  children,
}: {
  name: string;
  value: ReactNode;
  id?: string;
  children?: ReactNode;
}) {
  return (
    <div className="tile">
      <dt>{name}</dt>
      <dd>
        <span className="figure" data-figure={id}>
          {value}
        </span>
        {children && <span className="detail">{children}</span>}
      </dd>
    </div>
  );
}

export function Tiles({ children }: { children: ReactNode }) {
  return <dl className="tiles">{children}</dl>;
}
