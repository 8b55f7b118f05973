import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { createVerifier, type Verifier } from '@latchkey/client/verifier';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newUser } from '../support/factories.js';
import { type PrivatePostgresCluster, startPrivateCluster } from '../support/database/postgres-cluster.mjs';
import { StallingProxy } from '../support/stalling-proxy.mjs';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { ADMIN } from '../support/test-server.js';
import { NOT_RECEIVING, RECEIVING, timesLogged } from '../support/use-replicas.js';
import { waitUntil } from '../support/wait-until.js';

/**
 * Time after the revocation is in effect in which requests are sent. Much longer than the server trusts its
 * last probe.
 */
const WATCHED_MILLISECONDS = 4_000;

/**
 * Delay of connections to the promoted PostgreSQL. A probe still succeeds, but after the proof of the one
 * before has expired.
 */
const CONNECT_MILLISECONDS = 1_300;

/**
 * Pause between two requests. A server that trusts an outdated proof accepts requests for hundreds of
 * milliseconds.
 */
const PAUSE_MILLISECONDS = 50;

/** Time that requests wait for a suspended server. */
const RESUME_MILLISECONDS = 300;

const folder = mkdtempSync(join(tmpdir(), 'latchkey-failover-'));
let old: PrivatePostgresCluster;
let promoted: PrivatePostgresCluster;
let proxy: StallingProxy;
/** Server on the promoted PostgreSQL. */
let second: ServerProcess;
let asAdmin: Headers;
let service: UserTokenDto;
const tokens: UserTokenDto[] = [];

const start = (url: string, cacheSeconds: number) =>
  ServerProcess.start(
    serverOn(
      { url, folder },
      { LATCHKEY_TOKEN_CACHE_SECONDS: String(cacheSeconds), LATCHKEY_STATEMENT_TIMEOUT_MS: '5000' },
    ),
  );

beforeAll(async () => {
  old = await startPrivateCluster();
  const server = await start(old.url, 300);
  const headers = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  await server.client.createRole({ name: 'verifiers', permissions: ['tokens:introspect'] }, headers);
  const createToken = async (roles: string[]) => {
    const { body: user } = await server.client.createUser(newUser({ roles }), headers);
    return (await server.client.createUserToken(user.name, headers, {})).body;
  };
  service = await createToken(['verifiers']);
  while (tokens.length < 7) {
    tokens.push(await createToken([]));
  }
  await server.stop();
  promoted = await startPrivateCluster({ copyOf: old });
  proxy = await StallingProxy.open(old.url);
  second = await start(promoted.url, 300);
  asAdmin = await second.client.loginHeaders(ADMIN.name, ADMIN.password);
}, 300_000);

afterAll(async () => {
  await second.stop();
  proxy.close();
  await Promise.all([old.stop(), promoted.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const isAccepted = (verifier: Verifier, { token = '' }: UserTokenDto) =>
  verifier.verify(token).then(
    () => true,
    () => false,
  );

describe('after a failover of PostgreSQL, a server with connections to the old one', () => {
  it.each<[string, (first: ServerProcess) => unknown]>([
    ['keeps running', () => undefined],
    ['keeps running, and the server caches nothing', () => undefined],
    ['keeps running, and the new one accepts connections slowly', () => proxy.slowNew(CONNECT_MILLISECONDS)],
    ['keeps running, and the server was suspended', (first) => first.child.kill('SIGSTOP')],
    ['is read-only', () => old.makeReadOnly()],
    [
      'keeps running, and the server received no notifications before',
      () => proxy.slowNew(CONNECT_MILLISECONDS),
    ],
    ['is stopped', () => old.kill()],
  ])(
    'accepts no request after the time of effect of a revocation: the old one %s',
    async (name, demote) => {
      const cacheSeconds = name.endsWith('caches nothing') ? 0 : 300;
      const token = tokens.pop()!;
      proxy.switchTo(old.url);
      const first = await start(proxy.url, cacheSeconds);
      await waitUntil(() => timesLogged(first, RECEIVING) === 1);
      const verifier = createVerifier({
        url: first.client.baseUrl,
        token: service.token ?? '',
        onWarning: () => undefined,
      });
      const statusOf = async () => (await first.client.verify(tokenHeader(token))).status;
      const isCached = () => cacheSeconds === 0 || verifier.status().local > 0;
      await waitUntil(async () => (await isAccepted(verifier, token)) && isCached());
      if (name.endsWith('no notifications before')) {
        proxy.cut('latchkey listener');
        await waitUntil(() => timesLogged(first, NOT_RECEIVING) === 1);
      }
      expect(await statusOf()).toBe(200);

      proxy.resume();
      proxy.switchTo(promoted.url);
      await demote(first);
      const { status, headers } = await second.client.revokeToken(token.id, asAdmin);
      const effectiveBy = Date.parse(headers.get('x-auth-effective-by') ?? '');
      if (name.endsWith('suspended')) {
        await pause(effectiveBy + 1 - Date.now());
        // The first requests are waiting when the server continues.
        setTimeout(() => first.child.kill('SIGCONT'), RESUME_MILLISECONDS);
      }
      let accepted = 0;
      let late = 0;
      const watch = async (isAccepting: () => Promise<boolean>) => {
        while (Date.now() < effectiveBy + WATCHED_MILLISECONDS) {
          const startedAt = Date.now();
          const count = Number(await isAccepting());
          accepted += count;
          late += startedAt > effectiveBy ? count : 0;
          await pause(PAUSE_MILLISECONDS);
        }
      };
      // Apart, because a request that waits for a slow connection must not delay those on open ones.
      await Promise.all([
        watch(async () => (await statusOf()) === 200),
        watch(() => isAccepted(verifier, token)),
      ]);

      expect([status, late]).toEqual([204, 0]);
      process.stdout.write(`Accepted ${accepted} requests before, and ${late} after the time of effect\n`);
      proxy.resume();
      await waitUntil(async () => (await statusOf()) === 401 && verifier.status().fresh);
      expect(await isAccepted(verifier, token)).toBe(false);
      await verifier.close();
      expect(await first.stop()).toBe(0);
    },
    120_000,
  );
});
