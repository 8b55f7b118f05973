import { type ApiClient, type Headers } from './api-client.js';
import { PASSWORD } from './factories.js';
import { type TokenWithHeaders } from './use-tokens.js';

/** Revokes a token. */
export type Revocation = (
  token: TokenWithHeaders,
  client: ApiClient,
  asAdmin: Headers,
) => Promise<{ status: number }>;

const OTHER_PASSWORD = 'another good password';

/** Actions that revoke a session immediately. */
export const REVOCATIONS: [string, Revocation][] = [
  ['logging out', ({ headers }, client) => client.logout(headers)],
  ['revoking the token', ({ id }, client, asAdmin) => client.revokeToken(id, asAdmin)],
  [
    'revoking the other tokens of the user',
    async ({ user }, client) => client.revokeMyOtherTokens(await client.loginHeaders(user, PASSWORD)),
  ],
  ['revoking all tokens of the user', ({ user }, client, asAdmin) => client.revokeUserTokens(user, asAdmin)],
  [
    'disabling the token',
    ({ id }, client, asAdmin) => client.updateToken(id, { enabled: false, version: 0 }, asAdmin),
  ],
  [
    'revoking in bulk',
    ({ id }, client, asAdmin) => client.bulkTokens({ action: 'revoke', ids: [id] }, asAdmin),
  ],
  [
    'disabling the user',
    async ({ user }, client, asAdmin) => {
      const { version } = (await client.user(user, asAdmin)).body;
      return client.updateUser(user, { enabled: false, version }, asAdmin);
    },
  ],
  [
    'disabling users in bulk',
    ({ user }, client, asAdmin) => client.bulkUsers({ action: 'disable', ids: [user] }, asAdmin),
  ],
  ['deleting the user', ({ user }, client, asAdmin) => client.deleteUser(user, asAdmin)],
  [
    'resetting the password',
    ({ user }, client, asAdmin) => client.resetPassword(user, { password: OTHER_PASSWORD }, asAdmin),
  ],
  [
    'changing the password in another session',
    async ({ user }, client) =>
      client.changePassword(
        { currentPassword: PASSWORD, newPassword: OTHER_PASSWORD },
        await client.loginHeaders(user, PASSWORD),
      ),
  ],
  [
    'setting a password by a set-up link',
    async ({ user }, client, asAdmin) => {
      const { link } = (await client.createSetUpLink(user, asAdmin)).body;
      return client.setUp({ secret: new URL(link).hash.slice(1), password: OTHER_PASSWORD });
    },
  ],
];
