import { afterAll, beforeAll } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { ADMIN, PASSWORD } from '../support/factories.js';
import { type Environment, serverOn, ServerProcess } from '../support/server-process.js';
import { StallingProxy } from '../support/stalling-proxy.mjs';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { EchoingApi } from './echoing-api.js';
import { Wiretap } from './wiretap.js';

/** A user with the editor role, whose name has to be encoded. */
export const EDITOR = 'jürgen@example.org';
/** A user without the editor role. */
export const READER = 'anna';

/** An API, and a Latchkey process for the proxies in front of it. */
export interface GuardedApi {
  api: EchoingApi;
  latchkey: ServerProcess;
  /** TCP proxy between the gateway and Latchkey. */
  tap: Wiretap;
  /** TCP proxy between Latchkey and its database. */
  way: StallingProxy;
  database: TestDatabase;
  asAdmin: Headers;
  editor: UserTokenDto;
  reader: UserTokenDto;
}

/**
 * Starts both before the tests of the file and stops them afterwards.
 *
 * @param environment further settings of Latchkey.
 */
export function useGuardedApi(environment: Environment = {}): GuardedApi {
  const guarded = {} as GuardedApi;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    const database = await createTestDatabase();
    drop = () => database.drop();
    const way = await StallingProxy.open(database.url);
    const latchkey = await ServerProcess.start(
      serverOn(
        { ...database, url: way.url },
        // Without the cache every verification needs the database.
        { LATCHKEY_TRUSTED_PROXIES: '127.0.0.1', LATCHKEY_TOKEN_CACHE_SECONDS: '0', ...environment },
      ),
    );
    const tap = await Wiretap.before(latchkey.client.baseUrl);
    Object.assign(guarded, { database, latchkey, tap, way, api: await EchoingApi.start() });

    const asAdmin = await latchkey.client.loginHeaders(ADMIN.name, ADMIN.password);
    await latchkey.client.createApi(
      {
        name: 'drafts',
        permissions: [
          { name: 'drafts:read', description: 'Read drafts.' },
          { name: 'drafts:write', description: 'Write drafts.' },
        ],
      },
      asAdmin,
    );
    await latchkey.client.createRole(
      { name: 'editor', permissions: ['drafts:read', 'drafts:write'] },
      asAdmin,
    );
    await latchkey.client.createUser({ name: EDITOR, password: PASSWORD, roles: ['editor'] }, asAdmin);
    await latchkey.client.createUser({ name: READER, password: PASSWORD, roles: [] }, asAdmin);
    const { body: editor } = await latchkey.client.login(EDITOR, PASSWORD);
    const { body: reader } = await latchkey.client.login(READER, PASSWORD);
    Object.assign(guarded, { asAdmin, editor, reader });
  });

  afterAll(async () => {
    await guarded.latchkey.kill();
    guarded.tap.stop();
    guarded.api.stop();
    guarded.way.close();
    await drop();
  });

  return guarded;
}
