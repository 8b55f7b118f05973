import { afterAll, beforeAll, expect } from '@jest/globals';
import pg from 'pg';
import { tokenHeader, type Headers } from './api-client.js';
import { ADMIN, newUser, PASSWORD } from './factories.js';
import { serverOn, ServerProcess, type Environment } from './server-process.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { type TokenWithHeaders } from './use-tokens.js';
import { waitUntil } from './wait-until.js';

/** Log messages of a replica that receives the notifications of other replicas, and of one that does not. */
export const RECEIVING = 'Notifications from other replicas arrive';
export const NOT_RECEIVING =
  'Notifications from other replicas do not arrive, so the server reads every token from the database.';

/** Returns how often a server has logged a message. */
export const timesLogged = ({ output }: { output: string }, message: string): number =>
  output.split(`"msg":"${message}`).length - 1;

/** Time until a replica rejected a token, and the number of times that it accepted it before. */
export interface Lag {
  milliseconds: number;
  accepted: number;
}

/**
 * Database on which the tests of a file start replicas, each in its own process, with the longest cache time.
 */
export function useReplicas() {
  const started: ServerProcess[] = [];
  let database: TestDatabase;
  let sql: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
  });

  afterAll(async () => {
    await Promise.all(started.map((server) => server.kill()));
    await sql.end();
    await database.drop();
  });

  const start = async (environment: Environment = {}): Promise<ServerProcess> => {
    const server = await ServerProcess.start(
      serverOn(database, { LATCHKEY_TOKEN_CACHE_SECONDS: '300', ...environment }),
    );
    started.push(server);
    return server;
  };

  const verify = async ({ client }: ServerProcess, { headers }: Pick<TokenWithHeaders, 'headers'>) =>
    (await client.verify(headers)).status;

  /** Whether a server has cached a token: it accepts the token although its row is revoked. */
  const isCached = async (server: ServerProcess, token: TokenWithHeaders): Promise<boolean> => {
    const set = 'UPDATE tokens SET "revocationReason" = $2 WHERE id = $1';
    await sql.query(set, [token.id, 'revoked']);
    const status = await verify(server, token);
    await sql.query(set, [token.id, null]);
    return status === 200;
  };

  return {
    get database() {
      return database;
    },
    get sql() {
      return sql;
    },

    verify,
    isCached,

    /** Starts a replica, without waiting until it receives revocations. */
    start,

    /** Starts a replica that receives revocations. */
    startReceiving: async (environment?: Environment): Promise<ServerProcess> => {
      const server = await start(environment);
      await waitUntil(() => timesLogged(server, RECEIVING) === 1);
      return server;
    },

    asAdmin: ({ client }: ServerProcess): Promise<Headers> => client.loginHeaders(ADMIN.name, ADMIN.password),

    /** Creates a user and returns a session. */
    signUp: async ({ client }: ServerProcess, asAdmin: Headers): Promise<TokenWithHeaders> => {
      const { name } = newUser();
      expect((await client.createUser(newUser({ name }), asAdmin)).status).toBe(201);
      const { body } = await client.login(name, PASSWORD);
      return { ...body, headers: tokenHeader(body) };
    },

    /** Creates a user without a password, which would take time to hash, and returns an API token. */
    createToken: async ({ client }: ServerProcess, asAdmin: Headers): Promise<TokenWithHeaders> => {
      const { body: user } = await client.createUser(newUser({ password: undefined }), asAdmin);
      const { status, body } = await client.createUserToken(user.name, asAdmin, {});
      expect(status).toBe(201);
      return { ...body, headers: tokenHeader(body) };
    },

    /** Waits until a server has cached a token. */
    warm: (server: ServerProcess, token: TokenWithHeaders) =>
      waitUntil(async () => (await verify(server, token)) === 200 && (await isCached(server, token))),

    /** Waits until a server rejects a token, and measures how long it still accepted it. */
    lagOf: async (server: ServerProcess, token: TokenWithHeaders): Promise<Lag> => {
      const start = performance.now();
      let accepted = 0;
      await waitUntil(
        async () => {
          const isRejected = (await verify(server, token)) === 401;
          accepted += Number(!isRejected);
          return isRejected;
        },
        Boolean,
        { pauseMilliseconds: 0 },
      );
      return { milliseconds: performance.now() - start, accepted };
    },
  };
}
