import { type ApiClient, type Headers } from './api-client.js';
import { PASSWORD } from './factories.js';
import { type TokenInUse } from './use-tokens.js';

/** Ends a token on a server, on the administrator's account where its owner cannot. */
export type TokenEnd = (
  token: TokenInUse,
  client: ApiClient,
  asAdmin: Headers,
) => Promise<{ status: number }>;

const OTHER_PASSWORD = 'another good password';

/** Everything that ends a session from one request to the next. */
export const TOKEN_ENDS: [string, TokenEnd][] = [
  ['logging out', ({ headers }, client) => client.logout(headers)],
  ['revoking it', ({ id }, client, asAdmin) => client.revokeToken(id, asAdmin)],
  [
    'ending one’s other tokens',
    async ({ user }, client) => client.revokeMyOtherTokens(await client.loginHeaders(user, PASSWORD)),
  ],
  ['ending all of a user', ({ user }, client, asAdmin) => client.revokeUserTokens(user, asAdmin)],
  [
    'disabling it',
    ({ id }, client, asAdmin) => client.updateToken(id, { enabled: false, version: 0 }, asAdmin),
  ],
  ['revoking many', ({ id }, client, asAdmin) => client.bulkTokens({ action: 'revoke', ids: [id] }, asAdmin)],
  [
    'disabling the user',
    async ({ user }, client, asAdmin) => {
      const { version } = (await client.user(user, asAdmin)).body;
      return client.updateUser(user, { enabled: false, version }, asAdmin);
    },
  ],
  [
    'disabling many users',
    ({ user }, client, asAdmin) => client.bulkUsers({ action: 'disable', ids: [user] }, asAdmin),
  ],
  ['deleting the user', ({ user }, client, asAdmin) => client.deleteUser(user, asAdmin)],
  [
    'setting another password',
    ({ user }, client, asAdmin) => client.resetPassword(user, { password: OTHER_PASSWORD }, asAdmin),
  ],
  [
    'changing the password elsewhere',
    async ({ user }, client) =>
      client.changePassword(
        { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD },
        await client.loginHeaders(user, PASSWORD),
      ),
  ],
  [
    'setting a password by a set-up link',
    async ({ user }, client, asAdmin) => {
      const { link } = (await client.makeSetUpLink(user, asAdmin)).body;
      return client.setUp({ secret: new URL(link).hash.slice(1), password: OTHER_PASSWORD });
    },
  ],
];
