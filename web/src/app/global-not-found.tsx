// What an address that no page has shows, in a document of its own.
import type { Metadata, Viewport } from "next";
import NotFound from "./(dashboard)/not-found";
import "./base.css";
import "./(dashboard)/page.css";

export const metadata: Metadata = { robots: { index: false, follow: false } };
export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" };

export default function UnknownAddress() {
  return (
    <html lang="en-GB">
      <body>
        <NotFound />
      </body>
    </html>
  );
}
