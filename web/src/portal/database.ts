// The portal's own connection, by a role that can only ask what a token may see.
import { portal } from "@/config/portal";
import { Database } from "@/data/database";

type Limits = { name: string; connections: number; exports: number; waiting: number };

function lazily(limits: Limits): () => Database {
  let known: Database | undefined;
  return () => {
    const clients = portal();
    if (clients === null) throw new Error("the portal is not served here");
    return (known ??= new Database(clients.databaseUrl, limits));
  };
}

export const portalDatabase = lazily({ name: "timesheet-portal", connections: 4, exports: 2, waiting: 200 });
/** For the form for a fresh link, which a program can send as often as it likes: it takes no page's place. */
export const formDatabase = lazily({ name: "timesheet-portal-form", connections: 1, exports: 1, waiting: 20 });
