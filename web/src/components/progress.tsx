"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";

/** Every request is answered by then. */
const longest = 12_000;

/** Whether a click leads to another page in this tab. */
function leads(event: MouseEvent): boolean {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return false;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link || link.hasAttribute("download") || link.origin !== location.origin) return false;
  return link.pathname !== location.pathname || link.search !== location.search;
}

/** Where a form with GET leads. */
function addressOf(form: HTMLFormElement): string {
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  return `${new URL(form.action).pathname}?${new URLSearchParams(fields)}`;
}

/** Says that a page is being loaded, from the click until it is shown. */
export function Progress() {
  const here = `${usePathname()}?${useSearchParams()}`;
  const [from, setFrom] = useState<string | null>(null);
  const isLoading = from === here;
  useEffect(() => {
    const begin = () => setFrom(here);
    const end = () => setFrom(null);
    const onClick = (event: MouseEvent) => leads(event) && begin();
    const onSubmit = (event: SubmitEvent) => {
      const form = event.target;
      if (form instanceof HTMLFormElement && form.method === "get" && addressOf(form) !== here) begin();
    };
    document.addEventListener("click", onClick);
    document.addEventListener("submit", onSubmit);
    window.addEventListener("pageshow", end); // a page that comes back as it was left
    return () => {
      document.removeEventListener("click", onClick);
      document.removeEventListener("submit", onSubmit);
      window.removeEventListener("pageshow", end);
    };
  }, [here]);
  useEffect(() => {
    if (!isLoading) return;
    const timer = setTimeout(() => setFrom(null), longest);
    return () => clearTimeout(timer);
  }, [isLoading]);
  return (
    <p className="progress" role="status">
      {isLoading && "Loading…"}
    </p>
  );
}
