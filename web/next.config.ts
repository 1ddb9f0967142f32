import type { NextConfig } from "next";

const configuration: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Of a body src/proxy.ts is shown a copy, which Next.js keeps: src/http/incoming.ts takes no more than this either.
  experimental: { authInterrupts: true, proxyClientMaxBodySize: 16_384 },
  turbopack: { root: import.meta.dirname },
  // Pictures there are none of.
  images: { unoptimized: true },
  // The policy for scripts is in src/proxy.ts, as it changes with every answer.
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
    // The mail is shown in a frame of the page that tells of it.
    { source: "/digests/:id/mail", headers: [{ key: "X-Frame-Options", value: "SAMEORIGIN" }] },
  ],
};

export default configuration;
