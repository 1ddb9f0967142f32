// A reporter for node --test: failures, and at the end a line of totals.
export default async function* totals(source) {
  let passed = 0;
  let failed = 0;
  const began = Date.now();
  for await (const { type, data } of source) {
    if (type === "test:pass" && data.details?.type !== "suite") passed += data.nesting === 0 || !data.skip ? 1 : 0;
    if (type === "test:fail" && data.details?.type !== "suite") {
      failed += 1;
      const cause = data.details?.error?.cause ?? data.details?.error;
      yield `FAILED ${data.file?.split("/").pop() ?? ""}: ${data.name}\n${cause?.stack ?? cause}\n`;
    }
    if (type === "test:pass" && process.env.VERBOSE)
      yield `ok ${data.name} (${Math.round(data.details.duration_ms)} ms)\n`;
    if (type === "test:stderr") yield data.message;
  }
  yield `web: ${passed} passed, ${failed} failed in ${((Date.now() - began) / 1000).toFixed(0)} s\n`;
}
