// timesheetd hides its secrets in what it logs; this is the same once more for what leaves the function, as a loader or
// a library may write too.

/** Hiding shorter ones would blot out half of every line, and show the secret by its absence. */
const shortestSecret = 4;

type Form = { length: number; pattern: RegExp };

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

/** A character as it is, percent-escaped, as in JSON, or as in a quoted word of SQL or of libpq. */
function patternOfCharacter(character: string): string {
  const percent = [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  const units = character.split("").map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  const forms = [character, percent, JSON.stringify(character).slice(1, -1), units.join("")];
  if (/\W/.test(character)) forms.push(`\\${character}`);
  if (character === " ") forms.push("+"); // as a form sends it
  if (character === "'") forms.push("''");
  // The longest first: of \' nothing may be left.
  const all = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return `(?:${all.map(literally).join("|")})`;
}

/** Each character may be escaped or not, and escapes have letters of either case. */
function formsOf(secret: string): Form[] {
  const base64 = Buffer.from(secret).toString("base64").replace(/=+$/, "");
  const fixed = [encodeURIComponent(secret), base64, Buffer.from(secret).toString("base64url")]
    .filter((form) => form.length >= shortestSecret)
    .map((form) => ({ length: form.length, pattern: new RegExp(literally(form), "g") }));
  if (secret.length < shortestSecret) return fixed;
  const pattern = new RegExp([...secret].map(patternOfCharacter).join(""), "gi");
  return [...fixed, { length: secret.length, pattern }];
}

/** Replaces each of the secrets by ***, also as JSON, base64, part of a URL, or quoted. */
export function scrubber(secrets: readonly string[]): (text: string) => string {
  // Longest first: a secret that contains another must not leave its rest behind.
  const forms = [...new Set(secrets)].flatMap(formsOf).sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((scrubbed, { pattern }) => scrubbed.replace(pattern, "***"), text);
}
