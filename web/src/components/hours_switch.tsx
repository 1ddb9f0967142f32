import { hoursUnit } from "@/data/unit";
import { hundredth, minute, unitNames } from "@/range/hours_unit";
import { address, type State } from "@/range/state";
import { AppLink } from "./app_link";

const choices = [
  { unit: hundredth, example: "7.50", words: "as decimals" },
  { unit: minute, example: "7:30", words: "in hours and minutes" },
] as const;

/** Hours as decimals or as h:mm; the example is the same time in both. */
export async function HoursSwitch({ path, state }: { path: string; state: State }) {
  const current = await hoursUnit();
  return (
    <div className="hours-switch">
      <span className="detail" aria-hidden="true">
        Hours as
      </span>
      <ul className="presets" aria-label="How hours are written">
        {choices.map(({ unit, example, words }) => (
          <li key={unit}>
            <AppLink
              href={address(path, state, { hours: unitNames[unit] })}
              aria-current={unit === current ? "true" : undefined}
              scroll={false}
            >
              <span className="visually-hidden">Hours {words}, such as </span>
              {example}
            </AppLink>
          </li>
        ))}
      </ul>
    </div>
  );
}
