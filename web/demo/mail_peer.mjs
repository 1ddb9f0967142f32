// mail_peer.mjs [FOLDER]: stands in for the e-mail providers of the sample: accepts what Resend would and keeps it in
// the folder, refuses addresses that begin with gone@, and hangs up where Mailgun would answer.
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const folder = process.argv[2];
if (folder) mkdirSync(folder, { recursive: true });
let accepted = 0;

/** The e-mail as a file that a browser opens, named after its number and its recipient. */
function keep({ to, html }) {
  if (folder) writeFileSync(join(folder, `${accepted}-${to[0].replace(/[^\w.@-]/g, "_")}.html`), html);
}

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (data) => (body += data));
  request.on("end", () => {
    if (request.url !== "/emails") {
      request.socket.destroy();
      return;
    }
    const email = JSON.parse(body);
    const isGone = email.to[0].startsWith("gone@");
    if (!isGone) {
      accepted += 1;
      keep(email);
    }
    response.writeHead(isGone ? 422 : 200, { "Content-Type": "application/json" });
    response.end(
      JSON.stringify(
        isGone
          ? { name: "validation_error", message: "The recipient's mailbox does not exist." }
          : { id: `sample-${accepted}` },
      ),
    );
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.on("SIGTERM", () => process.exit());
