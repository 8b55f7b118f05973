import { canonicalUserName, isHashablePassword } from '@latchkey/auth-models';
import { decodePair } from './decode-pair.js';

const BASIC = /^basic +(\S+)$/i;

/** A name and a password (RFC 7617). */
export interface BasicCredentials {
  /** Canonical form of the name; `null` if nobody can have it. */
  name: string | null;
  /** The name as it was sent, for the throttle. */
  givenName: string;
  password: string;
}

/** Reads `Authorization: Basic`; `null` if it is absent, another scheme or malformed, or if nobody can have the password. */
export function parseBasic(header: string | undefined): BasicCredentials | null {
  const [, encoded] = BASIC.exec(header ?? '') ?? [];
  const pair = encoded === undefined ? null : decodePair(encoded);
  if (!pair || !isHashablePassword(pair.secret)) {
    return null;
  }
  return { name: canonicalUserName(pair.name), givenName: pair.name, password: pair.secret };
}
