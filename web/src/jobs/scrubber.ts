// timesheetd hides its secrets in what it logs; this is the same once more for what leaves the function, as a loader or
// a library may write too.

/** Hiding shorter ones would blot out half of every line, and show the secret by its absence. */
const shortestSecret = 4;

function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64");
  return [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).toLowerCase(),
    JSON.stringify(secret).slice(1, -1),
    base64.replace(/=+$/, ""),
    Buffer.from(secret).toString("base64url"),
  ];
}

/** Replaces each of the secrets by ***, also as JSON, base64 or part of a URL. */
export function scrubber(secrets: readonly string[]): (text: string) => string {
  // Longest first: a secret that contains another must not leave its rest behind.
  const forms = [...new Set(secrets.flatMap(formsOf))]
    .filter((form) => form.length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((scrubbed, form) => scrubbed.replaceAll(form, "***"), text);
}
