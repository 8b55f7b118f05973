import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PresentedTokenReader } from '../../apps/api/src/tokens/cache/presented-token-reader.service.js';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { type TokenWithHeaders, useTokens } from '../support/use-tokens.js';

/** The maximum cache time, so that no entry expires. */
const server = useServer({ environment: { LATCHKEY_TOKEN_CACHE_SECONDS: '300' } });
const asAdmin = useAdmin(server);
const { signUp, signUpWithPermissions, createToken } = useTokens(server, asAdmin);

let reads: jest.SpiedFunction<PresentedTokenReader['findByDigest']>;

beforeEach(() => {
  reads = jest.spyOn(server.app.get(PresentedTokenReader), 'findByDigest');
});

const verify = async ({ headers }: Pick<TokenWithHeaders, 'headers'>) =>
  (await server.client.verify(headers)).status;

/** Uses a token until it is cached. On PostgreSQL pending notifications may remove it at first. */
async function warm<T extends Pick<TokenWithHeaders, 'headers'>>(token: T): Promise<T> {
  do {
    reads.mockClear();
    expect(await verify(token)).toBe(200);
  } while (reads.mock.calls.length > 0);
  return token;
}

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
