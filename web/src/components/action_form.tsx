import type { Field, Question } from "@/actions/action";
import type { Preview } from "@/actions/question";
import { longDay } from "@/range/days";
import { AppLink } from "./app_link";
import { ForAdministrator } from "./for_administrator";

function Input({ field }: { field: Field }) {
  const { name, kind, value = "", choices, isRequired, hint } = field;
  const shared = {
    id: `field-${name}`,
    name,
    required: isRequired,
    defaultValue: value,
    "aria-describedby": hint ? `hint-${name}` : undefined,
  };
  if (kind === "choice")
    return (
      <select key={value} {...shared}>
        {/* A value that is not offered is shown as none. */}
        {choices?.some((choice) => choice.value === value) ? null : <option value="">–</option>}
        {choices?.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    );
  const list = choices && choices.length > 0 ? `list-${name}` : undefined;
  return (
    <>
      <input
        key={value}
        {...shared}
        type={kind === "date" || kind === "time" || kind === "email" ? kind : "text"}
        list={list}
        maxLength={200}
        autoComplete="off"
      />
      {list && (
        <datalist id={list}>
          {choices?.map((choice) => (
            <option key={choice.value} value={choice.value} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** A plain form: it leads to the question, and changes nothing. */
export function ActionForm({ path, fields, was }: { path: string; fields: readonly Field[]; was: string | null }) {
  return (
    <form className="panel action" action={path} method="get">
      {was && <input type="hidden" name="was" value={was} />}
      <input type="hidden" name="step" value="confirm" />
      {fields.map((field) => (
        <div className="field" key={field.name}>
          <label htmlFor={`field-${field.name}`}>{field.label}</label>
          <Input field={field} />
          {field.hint && (
            <span className="hint" id={`hint-${field.name}`}>
              {field.hint}
            </span>
          )}
        </div>
      ))}
      <div className="buttons">
        <button className="button" type="submit">
          Continue
        </button>
        <span className="hint">Nothing is changed yet: the next page says what would happen.</span>
      </div>
    </form>
  );
}

function Facts({ facts }: Pick<Question, "facts">) {
  if (facts.length === 0) return null;
  return (
    <table data-table="facts">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Now</th>
          <th scope="col">Then</th>
        </tr>
      </thead>
      <tbody>
        {facts.map((fact) => (
          <tr key={fact.name}>
            <th scope="row">{fact.name}</th>
            <td>{fact.now ?? "–"}</td>
            <td>{fact.then ?? "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Asked = {
  path: string;
  back: string;
  question: Question;
  preview: Preview | null;
  /** What is sent along, so that only what was seen is done, and once. */
  hidden: Readonly<Record<string, string>>;
};

const shownDigests = 20;

/** What would happen, and the only button that changes something. */
export function ActionQuestion({ path, back, question, preview, hidden }: Asked) {
  const digests = preview?.digests ?? [];
  return (
    <form className="panel action" action={`${path}/send`} method="post">
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <div className="question" data-question>
        {question.will.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <ForAdministrator text={question.forAdministrator} />
        <Facts facts={question.facts} />
        {preview?.sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {digests.length > 0 && (
          <ul className="notes">
            {digests.slice(0, shownDigests).map((digest) => (
              <li key={digest.delivery}>
                <AppLink href={`/digests/${digest.delivery}`}>{digest.email}</AppLink>
                <span className="detail">week of {longDay(digest.week)}</span>
              </li>
            ))}
            {digests.length > shownDigests && <li>and {digests.length - shownDigests} others</li>}
          </ul>
        )}
      </div>
      <div className="buttons">
        <button className="button" type="submit">
          {question.button}
        </button>
        <AppLink className="button quiet" href={back}>
          Change the form
        </AppLink>
      </div>
    </form>
  );
}
