import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect } from '@jest/globals';
import pg from 'pg';
import { tokenHeader, type Headers } from './api-client.js';
import { ADMIN, newUser, PASSWORD } from './factories.js';
import { serverOn, ServerProcess, type Environment } from './server-process.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { type TokenInUse } from './use-tokens.js';

/** What is logged when a replica hears others, and when it does no more. */
export const HEARD = 'Revocations by other replicas are heard';
export const LOST = 'Revocations by other replicas are not heard just now, so every token is looked up.';

const PATIENCE_MILLISECONDS = 20_000;

/** Waits until something is so. */
export async function until(isSo: () => boolean | Promise<boolean>, pauseMilliseconds = 10): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MILLISECONDS; !(await isSo()); await pause(pauseMilliseconds)) {
    expect(Date.now()).toBeLessThan(deadline);
  }
}

/** How often a server has logged something. */
export const timesLogged = ({ output }: { output: string }, message: string): number =>
  output.split(`"msg":"${message}`).length - 1;

/** How long it took until a replica refused a token, and how often it accepted it until then. */
export interface Lag {
  milliseconds: number;
  accepted: number;
}

/** A database on which the tests of a file start replicas, each in a process of its own, that remember tokens as long as may be. */
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
      serverOn(database, {
        LATCHKEY_TOKEN_CACHE_SECONDS: '300',
        // Also on a busy machine no write waits for its turn too long.
        LATCHKEY_STATEMENT_TIMEOUT_MS: '20000',
        ...environment,
      }),
    );
    started.push(server);
    return server;
  };

  const verify = async ({ client }: ServerProcess, { headers }: Pick<TokenInUse, 'headers'>) =>
    (await client.verify(headers)).status;

  /** Whether a server believes in a token without looking: it accepts it though its row says otherwise. */
  const isRemembered = async (server: ServerProcess, token: TokenInUse): Promise<boolean> => {
    const set = 'UPDATE tokens SET "endReason" = $2 WHERE id = $1';
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
    isRemembered,

    /** Starts a replica, and does not wait until it hears the others. */
    start,

    /** Starts a replica that hears the others. */
    startHearing: async (environment?: Environment): Promise<ServerProcess> => {
      const server = await start(environment);
      await until(() => timesLogged(server, HEARD) === 1);
      return server;
    },

    asAdmin: ({ client }: ServerProcess): Promise<Headers> => client.loginHeaders(ADMIN.name, ADMIN.password),

    /** Makes a user, and returns a session of theirs. */
    signUp: async ({ client }: ServerProcess, asAdmin: Headers): Promise<TokenInUse> => {
      const { name } = newUser();
      expect((await client.createUser(newUser({ name }), asAdmin)).status).toBe(201);
      const { body } = await client.login(name, PASSWORD);
      return { ...body, headers: tokenHeader(body) };
    },

    /** Sees that a server remembers a token. */
    warm: (server: ServerProcess, token: TokenInUse): Promise<void> =>
      until(async () => (await verify(server, token)) === 200 && (await isRemembered(server, token))),

    /** Measures how long a server goes on accepting a token. */
    lagOf: async (server: ServerProcess, token: TokenInUse): Promise<Lag> => {
      const start = performance.now();
      let accepted = 0;
      await until(async () => {
        const isRefused = (await verify(server, token)) === 401;
        accepted += Number(!isRefused);
        return isRefused;
      }, 0);
      return { milliseconds: performance.now() - start, accepted };
    },
  };
}
