import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Headers, tokenHeader } from '../support/api-client.js';
import { CommandProcess } from '../support/command-line.js';
import { describeDeep, describeOnce } from '../support/deep.js';
import { ADMIN } from '../support/factories.js';
import { OtlpReceiver } from '../support/otlp-receiver.js';
import { type Environment, serverOn, ServerProcess, WITHOUT_SQLITE } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { waitUntil } from '../support/wait-until.js';

let database: TestDatabase;
let tokenFile: string;
let server: ServerProcess;
let asAdmin: Headers;
let verifier: ServerProcess | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  tokenFile = join(database.folder, 'token');
  server = await ServerProcess.start(serverOn(database));
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  const { token } = await createToken({ permissions: ['tokens:introspect'] });
  writeFileSync(tokenFile, `${token}\n`);
});

afterEach(() => verifier?.kill());

afterAll(async () => {
  await server.kill();
  await database.drop();
});

async function createToken(limits = {}): Promise<UserTokenDto> {
  return (await server.client.createMyToken(asAdmin, limits)).body;
}

async function startVerifier(environment: Environment = {}): Promise<ServerProcess> {
  const settings = {
    LATCHKEY_URL: server.client.baseUrl,
    LATCHKEY_TOKEN_FILE: tokenFile,
    LATCHKEY_METRICS: 'open',
  };
  verifier = await ServerProcess.start({ ...settings, ...environment }, undefined, undefined, ['verifier']);
  return verifier;
}

/** Returns the value of a series of the verifier. */
async function metric({ client }: ServerProcess, series: string): Promise<number> {
  const { text } = await client.request('GET', '/metrics');
  return Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${series} `))
      ?.split(' ')[1],
  );
}

/** Verifies a token until the answer comes from memory. */
async function warm(started: ServerProcess, token: UserTokenDto): Promise<void> {
  const fromMemory = () => metric(started, 'latchkey_verifications_total{result="cache"}');
  await waitUntil(async () => {
    const before = await fromMemory();
    expect((await started.client.verify(tokenHeader(token))).status).toBe(200);
    return (await fromMemory()) > before;
  });
}

describeOnce('latchkey verifier', () => {
  it('reports the last uses on SIGTERM, and exits with 0', async () => {
    const started = await startVerifier();
    const token = await createToken();
    await warm(started, token);
    const [local, asked] = await Promise.all(
      ['cache', 'server'].map((result) =>
        metric(started, `latchkey_verifications_total{result="${result}"}`),
      ),
    );

    expect(await started.stop()).toBe(0);

    // The server writes the uses of a token at most once a minute, and when it stops.
    await server.stop();
    server = await ServerProcess.start(serverOn(database));
    const { body } = await server.client.tokenUsage(token.id, asAdmin);
    expect(body.days.map(({ uses }) => uses)).toEqual([Number(local) + Number(asked)]);
  });

  it('needs the server and a token, and neither opens a database nor writes files', async () => {
    const empty = mkdtempSync(join(database.folder, 'empty-'));

    const { code, errors } = await new CommandProcess({}, empty).run(['verifier']);

    expect(code).toBe(1);
    expect(errors).toMatch(/^Latchkey cannot start\. LATCHKEY_URL and LATCHKEY_TOKEN_FILE: [^\n]*\n$/);
    expect(readdirSync(empty)).toEqual([]);
  });

  it('passes the trace of a request on to the server', async () => {
    const receiver = await OtlpReceiver.start();
    try {
      const started = await startVerifier({
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_BSP_SCHEDULE_DELAY: '50',
      });
      const traceId = 'a'.repeat(32);
      const headers = {
        ...tokenHeader(await createToken()),
        traceparent: `00-${traceId}-${'b'.repeat(16)}-01`,
      };
      expect((await started.client.verify(headers)).status).toBe(200);
      const span = (name: string) => receiver.spans.find((each) => each.name === name);
      await waitUntil(() => span('GET /auth/verify'));

      expect(span('ask the server')).toMatchObject({
        traceId,
        kind: 3,
        parentSpanId: span('GET /auth/verify')?.spanId,
      });
      expect(receiver.resource).toMatchObject({ 'service.name': 'latchkey-verifier' });
      const line = server.output.split('\n').findLast((each) => each.includes('/auth/introspect'));
      expect(JSON.parse(line ?? '{}')).toMatchObject({ trace_id: traceId });
    } finally {
      await receiver.close();
    }
  });

  it('uses the new token after the content of the file has changed', async () => {
    const first = await createToken({ permissions: ['tokens:introspect'] });
    writeFileSync(tokenFile, `${first.token}\n`);
    const started = await startVerifier();
    const { token } = await createToken({ permissions: ['tokens:introspect'] });
    writeFileSync(tokenFile, `${token}\n`);
    await server.client.revokeToken(first.id, asAdmin);

    await waitUntil(
      async () => started.client.verify(tokenHeader(await createToken())),
      ({ status }) => status === 200,
    );
  });
});

describeDeep('latchkey verifier', () => {
  it('accepts no revoked token while the server is stopped, and recovers', async () => {
    const started = await startVerifier();
    const [kept, revoked] = [await createToken(), await createToken()];
    await warm(started, kept);
    await warm(started, revoked);
    const statuses = { kept: new Set<number>(), revoked: new Set<number>() };
    const verifyBoth = async () => {
      const isEffective = Date.now() >= effectiveBy;
      statuses.kept.add((await started.client.verify(tokenHeader(kept))).status);
      const { status } = await started.client.verify(tokenHeader(revoked));
      if (isEffective) {
        statuses.revoked.add(status);
      }
    };

    const { headers } = await server.client.revokeToken(revoked.id, asAdmin);
    const effectiveBy = Date.parse(headers.get('x-auth-effective-by') ?? '');
    await server.kill();
    for (const end = Date.now() + 1_000; Date.now() < end;) {
      await verifyBoth();
      await pause(20);
    }
    server = await ServerProcess.start(serverOn(database), Number(new URL(server.client.baseUrl).port));
    await waitUntil(
      async () => {
        await verifyBoth();
        return Date.now() >= effectiveBy && (await started.client.verify(tokenHeader(kept))).status === 200;
      },
      Boolean,
      { pauseMilliseconds: 50 },
    );
    await warm(started, kept);
    await verifyBoth();

    expect([...statuses.kept].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(statuses.revoked).toContain(401);
    expect(statuses.revoked).not.toContain(200);
  });

  it('serves with several workers, each with its own feed, without a driver for a database', async () => {
    const started = await startVerifier({ LATCHKEY_WORKERS: '2', ...WITHOUT_SQLITE });
    await waitUntil(() => started.output.includes('Latchkey verifier is ready'));

    const { text } = await started.client.request('GET', '/metrics');

    expect(text).toMatch(/latchkey_tokens_cached\{worker="1"\}[^]*latchkey_tokens_cached\{worker="2"\}/);
    expect((await started.client.verify(tokenHeader(await createToken()))).status).toBe(200);
    expect(await started.stop()).toBe(0);
  });
});
