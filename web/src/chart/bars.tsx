/** A share of the largest, beside a figure that says the same. */
export function Bar({ value, most }: { value: number; most: number }) {
  const width = most > 0 ? Math.max(0, (100 * value) / most) : 0;
  return <svg className="share" width="100%" height="8" aria-hidden="true"><rect width={`${width}%`} height="8" rx="2" /></svg>;
}
