// Series differ by pattern as well as by colour. Each pattern is defined once on a page.

export const seriesCount = 7;

const marks = [
  null,
  <path key="1" d="M0 8 8 0M-2 2 2-2M6 10 10 6" />,
  <path key="2" d="M0 4H8" />,
  <circle key="3" cx="4" cy="4" r="1.6" />,
  <path key="4" d="M4 0V8" />,
  <path key="5" d="M0 0 8 8M-2 6 2 10M6-2 10 2" />,
  <path key="6" d="M0 4H8M4 0V8" />,
];

export function fillOf(series: number): string {
  return `url(#series-${series % seriesCount})`;
}

export function Patterns() {
  return (
    <svg className="patterns" width="0" height="0" aria-hidden="true" focusable="false">
      <defs>
        {marks.map((mark, n) => (
          <pattern
            key={n}
            id={`series-${n}`}
            className={`series-${n}`}
            width="8"
            height="8"
            patternUnits="userSpaceOnUse"
          >
            <rect width="8" height="8" />
            <g>{mark}</g>
          </pattern>
        ))}
        <pattern
          id="hatched"
          className="hatched"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="6" height="6" />
          <g>
            <path d="M0 3H6" />
          </g>
        </pattern>
      </defs>
    </svg>
  );
}

export function Swatch({ fill }: { fill: string }) {
  return (
    <svg className="swatch" width="14" height="14" aria-hidden="true">
      <rect width="14" height="14" rx="2" fill={fill} />
    </svg>
  );
}
