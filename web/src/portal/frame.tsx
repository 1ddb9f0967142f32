import type { ReactNode } from "react";
import { portal } from "@/config/portal";

/** What the pages are about, without a sign-in: whose portal it is. */
function Agency() {
  const clients = portal();
  return (
    <span className="agency">
      {clients?.logo && (
        // A picture of the agency's own, wherever it is: nothing is known of its size, and it says what the name says.
        <img src={clients.logo} alt={clients.name === null ? "Logo" : ""} height={28} referrerPolicy="no-referrer" />
      )}
      {clients?.name ?? (clients?.logo ? "" : "Your hours")}
    </span>
  );
}

const pages = [
  { path: "/portal", name: "Hours" },
  { path: "/portal/digests", name: "E-mails" },
] as const;

type Properties = {
  /** Which of the pages it is, or belongs to; null where it is not known who looks. */
  page: (typeof pages)[number]["path"] | null;
  path?: string;
  title: string;
  /** For the window, if it is not the title. */
  name?: string;
  subtitle?: ReactNode;
  children: ReactNode;
};

export function PortalFrame({ page, path, title, name, subtitle, children }: Properties) {
  const agency = portal()?.name;
  return (
    <>
      <title>{[name ?? title, agency].filter(Boolean).join(" · ")}</title>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="top">
        <div className="top-row">
          <Agency />
          {page !== null && (
            <>
              <nav aria-label="Pages">
                <ul>
                  {pages.map((each) => (
                    <li key={each.path}>
                      <a
                        href={each.path}
                        aria-current={each.path === page ? (each.path === (path ?? page) ? "page" : "true") : undefined}
                      >
                        {each.name}
                      </a>
                    </li>
                  ))}
                </ul>
              </nav>
              <form action="/portal/leave" method="post">
                <button className="button quiet" type="submit">
                  Sign out
                </button>
              </form>
            </>
          )}
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <div className="title">
          <h1 dir="auto">{title}</h1>
          {subtitle && <p className="subtitle">{subtitle}</p>}
        </div>
        {children}
      </main>
    </>
  );
}
