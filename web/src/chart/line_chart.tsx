import { scaleLinear, scalePoint } from "d3-scale";

type Properties = {
  /** What the chart shows, in a sentence, for screen readers; a table has each figure. */
  summary: string;
  points: { short: string; long: string; value: number }[];
  /** A level to compare with: a dashed line. */
  level: { name: string; value: number } | null;
  name: string;
  text: (value: number) => string;
};

const height = 180;

/** Drawn on the server. Widths are percentages, so that it fits any screen without a script. */
export function LineChart({ summary, points, level, name, text }: Properties) {
  const top = Math.max(...points.map((point) => point.value), level?.value ?? 0);
  const y = scaleLinear([0, top], [height, 0]).nice(4);
  const x = scalePoint(
    points.map((_, n) => n),
    [0, 100],
  ).padding(0.5);
  const at = (n: number) => `${x(n) ?? 0}%`;
  return (
    <figure className="chart line-chart">
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
          {level && <line className="level" x1="0" x2="100%" y1={y(level.value)} y2={y(level.value)} />}
          {points.slice(1).map((point, n) => (
            <line
              key={point.long}
              className="line"
              x1={at(n)}
              x2={at(n + 1)}
              y1={y(points[n]?.value ?? 0)}
              y2={y(point.value)}
            />
          ))}
          {points.map((point, n) => (
            <g key={point.long}>
              <circle className="point" cx={at(n)} cy={y(point.value)} r="4">
                <title>{`${point.long}: ${text(point.value)}`}</title>
              </circle>
              {/* Every second one, the last among them. */}
              {(points.length - 1 - n) % 2 === 0 && (
                <text
                  className={`label${(points.length - 1 - n) % 4 === 2 ? " second" : ""}`}
                  x={at(n)}
                  y={height + 18}
                  textAnchor="middle"
                >
                  {point.short}
                </text>
              )}
            </g>
          ))}
        </svg>
      </div>
      <figcaption>
        <ul className="legend">
          <li>
            <svg className="swatch" width="20" height="14" aria-hidden="true">
              <line className="line" x1="0" x2="20" y1="7" y2="7" />
              <circle className="point" cx="10" cy="7" r="4" />
            </svg>{" "}
            {name}
          </li>
          {level && (
            <li>
              <svg className="swatch" width="20" height="14" aria-hidden="true">
                <line className="level" x1="0" x2="20" y1="7" y2="7" />
              </svg>{" "}
              {level.name}: <strong data-figure="mean">{text(level.value)}</strong>
            </li>
          )}
        </ul>
      </figcaption>
    </figure>
  );
}
