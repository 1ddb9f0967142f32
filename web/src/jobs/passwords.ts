// The passwords in a connection string, as libpq reads them and as they are written.

/** Without its percent-escapes; what only looks like one stays. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}

/** Up to each @ of what follows a URI's scheme, as the password may have some. */
function passwordsBeforeHost(uri: string): string[] {
  const begin = /^[^:@/]*:/.exec(uri)?.[0].length;
  if (begin === undefined) return [];
  return [...uri.matchAll(/@/g)].map(({ index }) => uri.slice(begin, index));
}

const isPassword = (name: string) => /^(?:ssl)?password$/i.test(decoded(name).trim());

/** Of "host=db password='it\'s'", without and with its quotes. */
function passwordsInWords(text: string): string[] {
  const words = text.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s\\]|\\.)*))/gs);
  return [...words].flatMap(([, name = "", quoted, plain = ""]) => {
    const value = quoted ?? plain;
    return isPassword(name) ? [value, value.replace(/\\(.)/gs, "$1")] : [];
  });
}

const uriOf = (connection: string) => /^\w+:\/\/(.*)$/s.exec(connection)?.[1];

export function passwordsOf(connection: string): string[] {
  const uri = uriOf(connection);
  if (uri === undefined) return passwordsInWords(connection);
  const parameters = [...uri.matchAll(/[?&]([^=&]*)=([^&]*)/g)].flatMap(([, name = "", value = ""]) =>
    isPassword(name) ? [value] : [],
  );
  return [...passwordsBeforeHost(uri), ...parameters].flatMap((password) => [password, decoded(password)]);
}

/**
 * Whether a URI has an @ or a / in its login that is not escaped: libpq takes what is before the first of them for the
 * login, or for the host and its port, and may show the rest of the password.
 */
export function isAmbiguous(connection: string): boolean {
  const afterLogin = uriOf(connection)?.replace(/^[^@/]*@/, "") ?? "";
  return (afterLogin.split(/\?\w+=/, 1)[0] ?? "").includes("@");
}
