import {
  type CreateTokenDto,
  type RejectionCause,
  type RemedyKind,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { createTokenSecret } from '../../apps/api/src/platform/crypto/secrets.js';
import { basic, tokenHeader, type ApiClient, type Headers } from './api-client.js';
import { newUser, PASSWORD } from './factories.js';
import { type TestDatabase } from './test-database.js';

/** Server on which requests are rejected. */
export interface RejectingServer {
  readonly client: ApiClient;
  readonly database: Pick<TestDatabase, 'execute'>;
  readonly asAdmin: Headers;
  /** Permission that some routes require. */
  readonly permission: string;
  /** Role that some routes require, and that grants the permission. */
  readonly role: string;
}

/** Request that a service or gateway behind the server rejects. */
export interface RejectedRequest {
  readonly headers: Headers;
  /** Requirement of the route, besides a valid token. */
  readonly demands?: 'permission' | 'role';
  /** Name of the token's user, if the secret matches one. */
  readonly user?: string;
}

/** Way to be rejected, with the expected explanation. */
export interface Rejecting {
  readonly title: string;
  readonly cause: RejectionCause;
  readonly remedy: RemedyKind;
  readonly prepare: (server: RejectingServer) => Promise<RejectedRequest> | RejectedRequest;
}

const created = async <Body>(
  { client, asAdmin }: RejectingServer,
  path: string,
  body: object,
): Promise<Body> => {
  const answer = await client.request<Body>('POST', path, { headers: asAdmin, body });
  if (answer.status !== 201) {
    throw new Error(`POST ${path} returned ${answer.status}: ${answer.text}`);
  }
  return answer.body;
};

/** Creates a user with an API token. */
async function tokenOn(
  server: RejectingServer,
  dto: CreateTokenDto = {},
  roles: string[] = [],
): Promise<UserTokenDto> {
  const { name } = newUser();
  await created(server, '/users', { name, kind: 'service', roles: ['user', ...roles] });
  return created(server, `/users/${name}/tokens`, { note: `for ${name}`, ...dto });
}

/** Creates a user with a session. */
async function sessionOn(server: RejectingServer): Promise<UserTokenDto> {
  const user = newUser();
  await created(server, '/users', user);
  return (await server.client.login(user.name, PASSWORD)).body;
}

/** Changes a row in the database, instead of waiting. */
const set = ({ database }: RejectingServer, { id }: UserTokenDto, change: string) =>
  database.execute(`UPDATE tokens SET ${change} WHERE id = '${id}'`);

const sent = (
  { client, asAdmin }: RejectingServer,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> => client.request(method, path, { headers: { ...asAdmin, 'If-Match': '*' }, body });

const withToken = (token: UserTokenDto, demands: Partial<RejectedRequest> = {}): RejectedRequest => ({
  headers: tokenHeader(token),
  user: token.user,
  ...demands,
});

/** Ways in which a service or gateway rejects a request. */
export const REJECTING: readonly Rejecting[] = [
  {
    title: 'without credentials',
    cause: 'no_credentials',
    remedy: 'send_credentials',
    prepare: () => ({ headers: {} }),
  },
  {
    title: 'with a header that is not base64',
    cause: 'malformed_credentials',
    remedy: 'correct_request',
    prepare: () => ({ headers: { 'X-Auth-Token': 'not base64' } }),
  },
  {
    title: 'with a scheme that is not accepted',
    cause: 'malformed_credentials',
    remedy: 'correct_request',
    prepare: () => ({ headers: { Authorization: 'Digest username="a"' } }),
  },
  {
    title: 'with a name and a password',
    cause: 'malformed_credentials',
    remedy: 'correct_request',
    prepare: () => ({ headers: { Authorization: basic('anna', PASSWORD) } }),
  },
  {
    title: 'with a damaged token',
    cause: 'malformed_credentials',
    remedy: 'correct_request',
    prepare: async (server) => {
      const { token = '' } = await tokenOn(server);
      return { headers: { Authorization: `Bearer ${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}` } };
    },
  },
  {
    title: 'with a secret of no token',
    cause: 'unknown_secret',
    remedy: 'issue_token',
    prepare: () => ({ headers: { Authorization: `Bearer ${createTokenSecret()}` } }),
  },
  {
    title: 'with a token of a deleted user',
    cause: 'unknown_secret',
    remedy: 'issue_token',
    prepare: async (server) => {
      const token = await tokenOn(server);
      await sent(server, 'DELETE', `/users/${token.user}`);
      return { headers: tokenHeader(token) };
    },
  },
  {
    title: 'with the name of another user',
    cause: 'wrong_user',
    remedy: 'correct_user',
    prepare: async (server) => {
      const token = await tokenOn(server);
      return withToken(token, { headers: tokenHeader({ ...token, user: 'admin' }) });
    },
  },
  {
    title: 'with two different tokens',
    cause: 'ambiguous_credentials',
    remedy: 'correct_request',
    prepare: async (server) => ({
      headers: { ...tokenHeader(await tokenOn(server)), Authorization: `Bearer ${createTokenSecret()}` },
    }),
  },
  {
    title: 'with a revoked token',
    cause: 'token_revoked',
    remedy: 'issue_token',
    prepare: async (server) => {
      const token = await tokenOn(server);
      await sent(server, 'DELETE', `/tokens/${token.id}`);
      return withToken(token);
    },
  },
  {
    title: 'after all tokens of the user were revoked',
    cause: 'token_revoked',
    remedy: 'issue_token',
    prepare: async (server) => {
      const token = await tokenOn(server);
      await sent(server, 'DELETE', `/users/${token.user}/tokens`);
      return withToken(token);
    },
  },
  {
    title: 'after a logout',
    cause: 'token_revoked',
    remedy: 'log_in',
    prepare: async (server) => {
      const session = await sessionOn(server);
      await server.client.logout(tokenHeader(session));
      return withToken(session);
    },
  },
  {
    title: 'with a token of a disabled user',
    cause: 'user_disabled',
    remedy: 'enable_user',
    prepare: async (server) => {
      const token = await tokenOn(server);
      await sent(server, 'PATCH', `/users/${token.user}`, { enabled: false });
      return withToken(token);
    },
  },
  {
    title: 'with a disabled token',
    cause: 'token_disabled',
    remedy: 'enable_token',
    prepare: async (server) => {
      const token = await tokenOn(server);
      await sent(server, 'PATCH', `/tokens/${token.id}`, { enabled: false });
      return withToken(token);
    },
  },
  {
    title: 'with a used-up token',
    cause: 'token_used_up',
    remedy: 'issue_token',
    prepare: async (server) => {
      const token = await tokenOn(server, { maxUses: 1 });
      await server.client.verify(tokenHeader(token));
      return withToken(token);
    },
  },
  {
    title: 'with an expired token',
    cause: 'token_expired',
    remedy: 'renew_token',
    prepare: async (server) => {
      const token = await tokenOn(server);
      await set(server, token, `"expirationTime" = ${Date.now() - 60_000}`);
      return withToken(token);
    },
  },
  {
    title: 'with an idle session',
    cause: 'session_expired',
    remedy: 'log_in',
    prepare: async (server) => {
      const session = await sessionOn(server);
      await set(server, session, `"idleExpirationTime" = ${Date.now() - 60_000}`);
      return withToken(session);
    },
  },
  {
    title: 'with a session at its maximum lifetime',
    cause: 'session_expired',
    remedy: 'log_in',
    prepare: async (server) => {
      const session = await sessionOn(server);
      await set(server, session, `"expirationTime" = ${Date.now() - 60_000}`);
      return withToken(session);
    },
  },
  {
    title: 'with a superseded secret after its grace period',
    cause: 'grace_period_over',
    remedy: 'use_new_secret',
    prepare: async (server) => {
      const token = await tokenOn(server);
      await sent(server, 'POST', `/tokens/${token.id}/rotate`, { gracePeriodSeconds: 60 });
      await set(server, token, `"previousExpirationTime" = ${Date.now() - 1_000}`);
      return withToken(token);
    },
  },
  {
    title: 'with a token that is not valid yet',
    cause: 'token_not_yet_valid',
    remedy: 'change_start',
    prepare: async (server) =>
      withToken(await tokenOn(server, { notBefore: new Date(Date.now() + 86_400_000).toISOString() })),
  },
  {
    title: 'from an address that is not allowed',
    cause: 'address_not_allowed',
    remedy: 'allow_address',
    prepare: async (server) => withToken(await tokenOn(server, { allowedAddresses: ['203.0.113.9'] })),
  },
  {
    title: 'beyond the rate limit of the token',
    cause: 'rate_limited',
    remedy: 'raise_rate_limit',
    prepare: async (server) => {
      const token = await tokenOn(server, { rateLimit: { limit: 1, windowSeconds: 3_600 } });
      await server.client.verify(tokenHeader(token));
      return withToken(token);
    },
  },
  {
    title: 'with a token without the permission of its user',
    cause: 'missing_permission',
    remedy: 'widen_token',
    prepare: async (server) =>
      withToken(await tokenOn(server, { roles: ['user'] }, [server.role]), { demands: 'permission' }),
  },
  {
    title: 'of a user without the permission',
    cause: 'missing_permission',
    remedy: 'grant_role',
    prepare: async (server) => withToken(await tokenOn(server), { demands: 'permission' }),
  },
  {
    title: 'with a token without the role of its user',
    cause: 'missing_permission',
    remedy: 'widen_token',
    prepare: async (server) =>
      withToken(await tokenOn(server, { roles: ['user'] }, [server.role]), { demands: 'role' }),
  },
  {
    title: 'of a user without the role',
    cause: 'missing_permission',
    remedy: 'grant_role',
    prepare: async (server) => withToken(await tokenOn(server), { demands: 'role' }),
  },
];
