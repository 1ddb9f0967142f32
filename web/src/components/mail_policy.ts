// An e-mail brings its styles along and nothing else: it may not load, run or send anything, whatever it contains.
export const mailPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
  "sandbox",
].join("; ");
