// A mail carries its styles in itself, and nothing else: it may not load, run or send anything, whatever stands in it.
export const mailPolicy = ["default-src 'none'", "style-src 'unsafe-inline'", "form-action 'none'", "base-uri 'none'", "frame-ancestors 'self'", "sandbox"].join("; ");
