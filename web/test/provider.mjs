// A real OpenID Connect provider on this machine. Whoever signs in as NAME has NAME for an address;
// "unverified-…" is one whose address the provider does not vouch for.
import { once } from "node:events";
import Provider from "oidc-provider";

export async function startProvider(redirectUri, port) {
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "timesheet-page", client_secret: "the client's secret", redirect_uris: [redirectUri], token_endpoint_auth_method: "client_secret_post" }],
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    cookies: { keys: ["a key of the tests"] },
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email: id, email_verified: !id.startsWith("unverified-") }) }),
  });
  const server = provider.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    issuer,
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}
