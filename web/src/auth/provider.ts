// The OpenID Connect provider, found by its issuer; sign-in is by authorisation code with PKCE.
import * as client from "openid-client";
import type { SignIn } from "@/config/configuration";
import { verifiedAddress } from "./verified_address";

let found: Promise<client.Configuration> | undefined;

/** In the form if the provider says that it accepts that, else in the header, which every provider must accept. */
function secretOf(signIn: SignIn): client.ClientAuth {
  const inForm = client.ClientSecretPost(signIn.clientSecret);
  const inHeader = client.ClientSecretBasic(signIn.clientSecret);
  return (server, ...rest) =>
    (server.token_endpoint_auth_methods_supported?.includes("client_secret_post") ? inForm : inHeader)(server, ...rest);
}

function provider(signIn: SignIn): Promise<client.Configuration> {
  found ??= client
    .discovery(signIn.issuer, signIn.clientId, undefined, secretOf(signIn), {
      timeout: 10,
      // on loopback only: see the configuration
      execute: signIn.issuer.protocol === "http:" ? [client.allowInsecureRequests] : [],
    })
    .catch((error: unknown) => {
      found = undefined; // so that the next sign-in tries again
      throw error;
    });
  return found;
}

export type Attempt = { state: string; nonce: string; verifier: string };

function redirectUri(signIn: SignIn): string {
  return new URL("/sign-in/callback", signIn.baseUrl).href;
}

export async function beginSignIn(signIn: SignIn): Promise<{ attempt: Attempt; url: URL }> {
  const attempt = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    verifier: client.randomPKCECodeVerifier(),
  };
  const url = client.buildAuthorizationUrl(await provider(signIn), {
    redirect_uri: redirectUri(signIn),
    scope: "openid email",
    code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: "S256",
    state: attempt.state,
    nonce: attempt.nonce,
  });
  return { attempt, url };
}

/** The address that the provider has verified, or null. */
export async function finishSignIn(signIn: SignIn, attempt: Attempt, search: string): Promise<string | null> {
  const configuration = await provider(signIn);
  const answer = new URL(redirectUri(signIn));
  answer.search = search;
  const tokens = await client.authorizationCodeGrant(configuration, answer, {
    pkceCodeVerifier: attempt.verifier,
    expectedState: attempt.state,
    expectedNonce: attempt.nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (!claims) return null;
  let about: Record<string, unknown> = claims;
  // Either claim may be in the user info only. A provider whose addresses are trusted need not send the second.
  const lacks = claims.email === undefined || (claims.email_verified === undefined && !signIn.trustsAddresses);
  if (lacks && configuration.serverMetadata().userinfo_endpoint)
    about = { ...claims, ...(await client.fetchUserInfo(configuration, tokens.access_token, claims.sub)) };
  return verifiedAddress(about, signIn.trustsAddresses);
}
