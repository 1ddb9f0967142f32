// Stands in for the e-mail providers of the sample: accepts what Resend would, refuses addresses that begin with gone@,
// and hangs up where Mailgun would answer.
import { createServer } from "node:http";

let accepted = 0;
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (data) => (body += data));
  request.on("end", () => {
    if (request.url !== "/emails") {
      request.socket.destroy();
      return;
    }
    const isGone = JSON.parse(body).to[0].startsWith("gone@");
    response.writeHead(isGone ? 422 : 200, { "Content-Type": "application/json" });
    response.end(
      JSON.stringify(
        isGone
          ? { name: "validation_error", message: "The recipient's mailbox does not exist." }
          : { id: `sample-${(accepted += 1)}` },
      ),
    );
  });
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.on("SIGTERM", () => process.exit());
