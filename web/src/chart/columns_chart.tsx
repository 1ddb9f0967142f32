import { scaleBand, scaleLinear } from "d3-scale";
import { stack } from "d3-shape";
import { fillOf, Swatch } from "./patterns";

/** Hours under one name, a value for each column. */
export type Series = { name: string; values: number[]; fill?: string };

type Properties = {
  /** What the chart shows, in a sentence, for screen readers; a table has each figure. */
  summary: string;
  /** narrow is for small screens, if short is too long for them. */
  labels: { short: string; long: string; narrow?: string }[];
  series: Series[];
  /** Stacked, or side by side. */
  layout: "stacked" | "grouped";
  text: (value: number) => string;
  /** Of the columns, in pixels. */
  height?: number;
};

/** Drawn on the server. Widths are percentages, so that it fits any screen without a script. */
export function ColumnsChart({ summary, labels, series, layout, text, height = 200 }: Properties) {
  const shown = series.filter((each) => each.values.some((value) => value > 0));
  if (shown.length === 0) return null;
  const keys = shown.map((_, n) => String(n));
  const layers = stack<number>()
    .keys(keys)
    .value((column, key) => shown[Number(key)]?.values[column] ?? 0)(labels.map((_, n) => n));
  const top = Math.max(
    ...(layout === "stacked"
      ? labels.map((_, n) => layers.at(-1)?.[n]?.[1] ?? 0)
      : shown.flatMap((each) => each.values)),
  );
  const y = scaleLinear([0, top], [height, 0]).nice(4);
  const x = scaleBand(
    labels.map((_, n) => n),
    [0, 100],
  )
    .paddingInner(0.28)
    .paddingOuter(0.14);
  const inner = scaleBand(keys, [0, x.bandwidth()]).paddingInner(0.08);
  const bars = shown.flatMap((each, s) =>
    labels.map((label, n) => {
      const value = each.values[n] ?? 0;
      const [low, high] = layout === "stacked" ? [layers[s]?.[n]?.[0] ?? 0, layers[s]?.[n]?.[1] ?? 0] : [0, value];
      return {
        key: `${s} ${n}`,
        value,
        title: `${label.long}, ${each.name}: ${text(value)}`,
        fill: each.fill ?? fillOf(s),
        x: (x(n) ?? 0) + (layout === "grouped" ? (inner(String(s)) ?? 0) : 0),
        width: layout === "grouped" ? inner.bandwidth() : x.bandwidth(),
        y: y(high),
        height: y(low) - y(high),
      };
    }),
  );
  const every = Math.ceil(labels.length / 16);
  return (
    <figure className="chart">
      <div className="plot">
        <svg className="columns" width="100%" height={height + 26} role="img" aria-label={summary}>
          {y.ticks(4).map((tick) => (
            <g key={tick} className={tick === 0 ? "base" : "grid"}>
              <line x1="0" x2="100%" y1={y(tick)} y2={y(tick)} />
              <text x="-8" y={y(tick)} dy="0.32em" textAnchor="end">
                {y.tickFormat(4)(tick)}
              </text>
            </g>
          ))}
          {bars
            .filter((bar) => bar.value > 0)
            .map((bar) => (
              <rect
                key={bar.key}
                className="bar"
                x={`${bar.x}%`}
                width={`${bar.width}%`}
                y={bar.y}
                height={Math.max(bar.height, 0.5)}
                fill={bar.fill}
              >
                <title>{bar.title}</title>
              </rect>
            ))}
          {labels.map(
            (label, n) =>
              n % every === 0 && (
                <g key={label.long} className={(n / every) % 2 === 1 && labels.length > 5 ? "second" : undefined}>
                  {[label.short, ...(label.narrow === undefined ? [] : [label.narrow])].map((text, which) => (
                    <text
                      key={which}
                      className={label.narrow === undefined ? "label" : which === 0 ? "label wide" : "label narrow"}
                      x={`${(x(n) ?? 0) + x.bandwidth() / 2}%`}
                      y={height + 18}
                      textAnchor="middle"
                    >
                      {text}
                    </text>
                  ))}
                </g>
              ),
          )}
        </svg>
      </div>
      {shown.length > 1 && (
        <figcaption>
          <ul className="legend">
            {shown.map((each, n) => (
              <li key={`${n} ${each.name}`}>
                <Swatch fill={each.fill ?? fillOf(n)} /> {each.name}
              </li>
            ))}
          </ul>
        </figcaption>
      )}
    </figure>
  );
}
