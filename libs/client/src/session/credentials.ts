import type { TokenKind } from '@latchkey/auth-models';

/** Token for requests. Keep it secret. */
export interface TokenCredentials {
  /** Canonical name of the user. Without it, the token is sent as `Authorization: Bearer`. */
  user?: string;
  /** Secret of the token. */
  token: string;
  /** Kind of the token. A `session` is bumped before it expires. */
  kind?: TokenKind;
}

/** Returns the header field with a token. */
export function tokenHeader({ user, token }: TokenCredentials): Record<string, string> {
  return user === undefined
    ? { Authorization: `Bearer ${token}` }
    : { 'X-Auth-Token': base64(`${user}:${token}`) };
}

/** Returns the header field with a name and a password (RFC 7617). */
export function basicHeader(name: string, password: string): Record<string, string> {
  return { Authorization: `Basic ${base64(`${name}:${password}`)}` };
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
