// A document of its own: nothing of the dashboard is a part of the portal's pages but what both are made with.
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import "../base.css";
import "./portal.css";

export const metadata: Metadata = { robots: { index: false, follow: false }, referrer: "no-referrer" };
export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en-GB">
      <body>{children}</body>
    </html>
  );
}
