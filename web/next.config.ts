import type { NextConfig } from "next";

const configuration: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Next.js would name the whole address again, with the token of a link to the portal: src/proxy.ts does it.
  skipTrailingSlashRedirect: true,
  // Next.js keeps a copy of a body for src/proxy.ts; src/http/incoming.ts accepts no more than this either.
  // The dashboard and the portal have a document each, so an unknown address needs one too:
  // src/app/global-not-found.tsx.
  experimental: { authInterrupts: true, globalNotFound: true, proxyClientMaxBodySize: 16_384 },
  turbopack: { root: import.meta.dirname },
  // The folder of make bundle, which make vercel puts here, is a part of the jobs' functions alone.
  outputFileTracingIncludes: { "/jobs/*": ["bundle/**/*"] },
  // There are no pictures.
  images: { unoptimized: true },
  // The policy for scripts is in src/proxy.ts, as it differs for every answer.
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "Strict-Transport-Security", value: "max-age=63072000; includeSubDomains" },
        { key: "X-Content-Type-Options", value: "nosniff" },
        { key: "X-Frame-Options", value: "DENY" },
        { key: "Referrer-Policy", value: "same-origin" },
        { key: "Cross-Origin-Opener-Policy", value: "same-origin" },
        { key: "Cross-Origin-Resource-Policy", value: "same-origin" },
        { key: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=(), payment=()" },
        { key: "X-Robots-Tag", value: "noindex, nofollow" },
      ],
    },
    // The digest's page shows its e-mail in a frame.
    { source: "/digests/:id/mail", headers: [{ key: "X-Frame-Options", value: "SAMEORIGIN" }] },
    { source: "/portal/digests/:id/mail", headers: [{ key: "X-Frame-Options", value: "SAMEORIGIN" }] },
    // The portal's addresses are named to no other site; src/portal/door.ts says the same of its own answers.
    { source: "/portal/:path*", headers: [{ key: "Referrer-Policy", value: "no-referrer" }] },
  ],
};

export default configuration;
