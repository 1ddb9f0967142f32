import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import "../base.css";
import "./page.css";
import "./figures.css";
import "./actions.css";
import "./hours_switch.css";
import "./day.css";
import "./print.css";
import "./trends.css";

export const metadata: Metadata = {
  title: { template: "%s · Timesheet", default: "Timesheet" },
  robots: { index: false, follow: false },
};
export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en-GB">
      <body>{children}</body>
    </html>
  );
}
