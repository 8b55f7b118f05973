import {
  type CreateTokenDto,
  METADATA_HEADER_MAX,
  METADATA_MAX_BYTES,
  PERMISSIONS_HEADER_MAX,
  ROLE_NAME_MAX_LENGTH,
  ROLES_PER_USER_MAX,
  USER_NAME_MAX_LENGTH,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { type ApiClient, type Headers, tokenHeader } from '../support/api-client.js';
import { PASSWORD } from '../support/factories.js';
import { type RawResponse } from '../support/raw-http.js';

/** Maximum bytes of the head of a response, as documented for load balancers. */
export const RESPONSE_HEAD_MAX = 13 * 1_024;

/** Letters of four bytes, each of which is twelve characters in `X-Auth-User`. */
const NAME = '\u{20000}'.repeat(USER_NAME_MAX_LENGTH);
const API = 'f'.repeat(64);
/** With `drafts:read`, these take exactly the longest `X-Auth-Permissions`. */
const PERMISSIONS = Array.from({ length: 32 }, (_, index) => {
  const action = `a${String(index).padStart(2, '0')}`.padEnd(index < 21 ? 62 : 61, 'x');
  return `${API}:${action}`;
});
const ROLES = Array.from({ length: ROLES_PER_USER_MAX }, (_, index) =>
  `r${String(index).padStart(2, '0')}`.padEnd(ROLE_NAME_MAX_LENGTH, 'x'),
);
/** Takes both the longest JSON and the longest `X-Auth-Metadata`, which has six characters for `é`. */
const METADATA = { a: `${'é'.repeat(256)}${'x'.repeat(1_528)}` };

/** Returns the body of a successful response. */
function done<T>({ status, body }: { status: number; body: T }): T {
  if (status >= 300) {
    throw new Error(JSON.stringify(body));
  }
  return body;
}

/**
 * Creates the token whose verification has the largest head: every value is as long as the server accepts.
 * The token has `drafts:read`.
 */
export async function createLargestToken(client: ApiClient, asAdmin: Headers): Promise<UserTokenDto> {
  const granted = [...PERMISSIONS, 'drafts:read'];
  const json = JSON.stringify(METADATA);
  const sizes = [granted.join(' '), json, json.replaceAll('é', '\\u00e9')].map((text) =>
    Buffer.byteLength(text),
  );
  if (sizes.join() !== [PERMISSIONS_HEADER_MAX, METADATA_MAX_BYTES, METADATA_HEADER_MAX].join()) {
    throw new Error(`The values no longer have the longest sizes: ${sizes.join()}`);
  }
  const permissions = PERMISSIONS.map((name) => ({ name, description: 'Act.' }));
  done(await client.createApi({ name: API, permissions }, asAdmin));
  for (const name of ROLES) {
    done(await client.createRole({ name, permissions: name === ROLES[0] ? granted : [] }, asAdmin));
  }
  done(await client.createUser({ name: NAME, password: PASSWORD, roles: ROLES }, asAdmin));
  const session = tokenHeader(done(await client.login(NAME, PASSWORD)));
  const dto: CreateTokenDto = { metadata: METADATA };
  const token = done(await client.createMyToken(session, dto));
  // The superseded secret adds another field.
  done(await client.rotateToken(token.id, session, { gracePeriodSeconds: 86_400 }));
  return token;
}

/** Returns the bytes of the head of a response, without its status line. */
export const headBytes = ({ headers }: RawResponse) =>
  Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 2);
