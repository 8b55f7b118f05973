import { describe, expect, it } from '@jest/globals';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { type TokenWithHeaders, useTokens } from '../support/use-tokens.js';
import { useCache } from './use-cache.js';

/** The maximum cache time, so that no entry expires. */
const server = useServer({ environment: { LATCHKEY_TOKEN_CACHE_SECONDS: '300' } });
const asAdmin = useAdmin(server);
const { signUp, signUpWithPermissions, createToken } = useTokens(server, asAdmin);

const cache = useCache(server);
const { verify, warm } = cache;

describe('a cached token', () => {
  it('is not read again because another user logs out', async () => {
    const other = await signUp();
    const token = await warm(await signUp());

    await server.client.logout(other.headers);
    // Then the server has received all notifications that it sent itself through PostgreSQL.
    await warm(await signUp());
    cache.reads.mockClear();
    await verify(token);

    expect(cache.reads).not.toHaveBeenCalled();
  });
});

// With replicas, a cached token can be older than the events that verifiers have received.
describe('a token that another replica has revoked, before the notification arrives', () => {
  /** Changes the row without a notification, as long as `work` runs. */
  async function whileRevoked<T>(token: TokenWithHeaders, work: () => Promise<T>): Promise<T> {
    const set = (reason: string) =>
      server.app
        .get(Database)
        .writer.query(`UPDATE "tokens" SET "revocationReason" = ${reason} WHERE "id" = '${token.id}'`);
    await set("'revoked'");
    return work().finally(() => set('NULL'));
  }

  const isPostgres = globalThis.DATABASE_KIND === 'postgres';

  it('is inactive for services, as introspection reads the database on PostgreSQL', async () => {
    const token = await createToken(await signUp());
    const introspect = () => server.client.introspect({ token: token.token ?? '' }, asAdmin);
    expect((await introspect()).body).toMatchObject({ active: true, remember_for: 60 });
    await warm(token);
    expect((await introspect()).body.active).toBe(true);

    expect((await whileRevoked(token, introspect)).body.active).toBe(!isPostgres);
  });

  it('is rejected with a body, as the second check reads the database on PostgreSQL', async () => {
    const token = await warm(await signUpWithPermissions('tokens:introspect'));
    const introspect = () => server.client.introspect({ token: 'unknown' }, token.headers);

    const { status } = await whileRevoked(token, introspect);

    expect(status).toBe(isPostgres ? 401 : 200);
    expect((await introspect()).status).toBe(200);
  });
});
