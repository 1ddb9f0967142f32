"use client";

import { useEffect, useSyncExternalStore } from "react";

/** Each is the aria-keyshortcuts of a field, a link or a summary; / and ? need Shift on some keyboards. */
const keys = [
  { key: "/", does: "go to the search" },
  { key: "n", does: "next days" },
  { key: "p", does: "previous days" },
  { key: "j", does: "next page of a long table" },
  { key: "k", does: "previous page of it" },
  { key: "?", does: "this list" },
];

const storageKey = "timesheet.keys";

/** What a person types into a field is no key of ours. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, select, textarea, [role=textbox]") !== null)
  );
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (!keys.some(({ key }) => key === event.key)) return;
  const target = document.querySelector<HTMLElement>(`[aria-keyshortcuts="${event.key}"]`);
  if (!target) return;
  event.preventDefault();
  target.focus();
  if (target instanceof HTMLInputElement) target.select();
  else target.click();
}

function subscribe(changed: () => void): () => void {
  window.addEventListener("storage", changed);
  return () => window.removeEventListener("storage", changed);
}

function areOn(): boolean {
  try {
    return localStorage.getItem(storageKey) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
}

function turn(on: boolean): void {
  try {
    if (on) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, "off");
  } catch {
    return;
  }
  window.dispatchEvent(new StorageEvent("storage"));
}

/** Quick ways by single keys, which can be turned off: software for dictation presses them by mistake. */
export function Keys() {
  // On the server there are none: without scripts no key does anything, so none is listed.
  const state = useSyncExternalStore(
    subscribe,
    () => (areOn() ? "on" : "off"),
    () => null,
  );
  useEffect(() => {
    if (state !== "on") return;
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [state]);
  if (state === null) return null;
  return (
    <details className="keys">
      <summary aria-keyshortcuts="?">Keys</summary>
      <dl>
        {keys.map(({ key, does }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label>
        <input type="checkbox" checked={state === "on"} onChange={(event) => turn(event.target.checked)} /> Use these
        keys in this browser
      </label>
    </details>
  );
}
