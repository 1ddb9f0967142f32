/** What an administrator runs or looks up; managers need not read it. */
export function ForAdministrator({ text }: { text: string | null | undefined }) {
  if (!text) return null;
  return (
    <details className="for-administrator">
      <summary>For the administrator</summary>
      <p>{text}</p>
    </details>
  );
}
