import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ApiClient, type Headers } from '../support/api-client.js';
import {
  deployedNginx,
  describeIfInstalled,
  NGINX_MISSING,
  type ExternalProgram,
  startNginx,
} from '../support/external-programs.js';
import { ADMIN } from '../support/factories.js';
import { ServerProcess, serverOn } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/**
 * Rolling restarts with the default times, which take 20 s each. Without the variable there is one, with
 * shorter times: `ROLLING_RESTARTS=20 npm run test:only -- behind-nginx`.
 */
const ROLLING_RESTARTS = Number(process.env['ROLLING_RESTARTS'] ?? 0);
const DELIVERED = { drainSeconds: '5', nginx: readFileSync('deploy/nginx.conf', 'utf8') };
const SHORTER = {
  drainSeconds: '2',
  nginx: DELIVERED.nginx.replace('keepalive_timeout 3s', 'keepalive_timeout 1s'),
};
const times = ROLLING_RESTARTS > 0 ? DELIVERED : SHORTER;

/** A loopback address other than the one that nginx connects from. */
const CLIENT = '127.0.0.2';

let database: TestDatabase;
let replicas: ServerProcess[];
let nginx: ExternalProgram;
let client: ApiClient;
let asAdmin: Headers;

const replica = (port?: number) =>
  ServerProcess.start(
    serverOn(database, {
      LATCHKEY_TRUSTED_PROXIES: '127.0.0.1',
      LATCHKEY_METRICS: 'open',
      LATCHKEY_DRAIN_SECONDS: times.drainSeconds,
    }),
    port,
  );

const authority = ({ client: { baseUrl } }: ServerProcess) => new URL(baseUrl).host;

describeIfInstalled(NGINX_MISSING, 'two replicas behind nginx, as in compose.yaml', () => {
  beforeAll(async () => {
    database = await createTestDatabase();
    replicas = [await replica(), await replica()];
    const [first, second] = replicas as [ServerProcess, ServerProcess];
    nginx = await startNginx(deployedNginx([authority(first), authority(second)], times.nginx));
    // nginx adds header fields to its own responses.
    client = new ApiClient(nginx.baseUrl, () => undefined);
    asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  });

  afterAll(async () => {
    await nginx.stop();
    await Promise.all(replicas.map((each) => each.stop()));
    await database.drop();
  });

  const verify = (headers: Headers) => client.request('GET', '/auth/verify', { headers });

  it('share the load', async () => {
    await Promise.all(Array.from({ length: 40 }, () => verify(asAdmin)));

    const verifications = await Promise.all(replicas.map((each) => verificationsOf(each)));
    expect(verifications.filter((count) => count >= 10)).toHaveLength(2);
  });

  it('see the address of the client, whatever it claims', async () => {
    await failToLogIn();

    const { body } = await client.request<{ items: { address: string }[] }>(
      'GET',
      '/audit-events?action=authn_login_fail&size=1',
      { headers: asAdmin },
    );
    expect(body.items.map(({ address }) => address)).toEqual([CLIENT]);
  });

  it('reject a token that was revoked through nginx', async () => {
    const headers = await client.loginHeaders(ADMIN.name, ADMIN.password);
    await Promise.all(Array.from({ length: 8 }, () => verify(headers)));
    await client.logout(headers);
    await pause(2_000);

    const answers = await Promise.all(Array.from({ length: 8 }, () => verify(headers)));

    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(401));
  });

  /** Sends requests without pause until the action has ended and counts the outcomes. */
  async function outcomesDuring(action: () => Promise<void>): Promise<Record<string, number>> {
    const kinds = [
      ['GET', '/auth/verify'],
      ['POST', '/auth/introspect', new URLSearchParams({ token: 'unknown' })],
      ['PATCH', '/me', { displayName: 'Admin' }],
      ['DELETE', `/users/${ADMIN.name}/throttle`],
    ] as const;
    const outcomes: Record<string, number> = {};
    let isOver = false;
    const load = [...kinds, ...kinds].map(async ([method, path, body]) => {
      while (!isOver) {
        const outcome = await client
          .request(method, path, { headers: { ...asAdmin, 'If-Match': '*' }, body })
          .then(({ status, text }) => (status < 400 ? status : `${status} ${text}`), String);
        outcomes[`${method} ${outcome}`] = (outcomes[`${method} ${outcome}`] ?? 0) + 1;
      }
    });
    await action();
    isOver = true;
    await Promise.all(load);
    return outcomes;
  }

  const EXPECTED = ['DELETE 204', 'GET 200', 'PATCH 200', 'POST 200'];

  it(
    'lose no request in a rolling restart',
    async () => {
      const rounds = Math.max(ROLLING_RESTARTS, 1);
      const outcomes = await outcomesDuring(async () => {
        for (let stop = 0; stop < rounds * 2; stop += 1) {
          const stopping = replicas[stop % 2] as ServerProcess;
          const port = Number(new URL(stopping.client.baseUrl).port);
          expect(await stopping.stop()).toBe(0);
          replicas[stop % 2] = await replica(port);
        }
      });

      console.log(`${rounds} rolling restarts: ${JSON.stringify(outcomes)}`);
      expect(Object.keys(outcomes).sort()).toEqual(EXPECTED);
    },
    Math.max(ROLLING_RESTARTS, 3) * 60_000,
  );

  it('lose no GET when a replica is killed', async () => {
    const statuses: number[] = [];
    let isOver = false;
    const load = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        statuses.push((await verify(asAdmin)).status);
      }
    });
    await pause(300);
    const [, second] = replicas as [ServerProcess, ServerProcess];
    await second.kill();
    await pause(300);
    isOver = true;
    await Promise.all(load);
    replicas[1] = await replica(Number(new URL(second.client.baseUrl).port));

    expect(statuses.length).toBeGreaterThan(20);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
  });
});

async function verificationsOf({ client: ofReplica }: ServerProcess): Promise<number> {
  const { text } = await ofReplica.request('GET', '/metrics');
  const counts = [...text.matchAll(/^latchkey_verifications_total\{result="(?:cache|database)"\} (\d+)$/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Sends a wrong password from another address, with a forged one in the header. */
function failToLogIn(): Promise<void> {
  return new Promise((resolve, reject) => {
    request(`${nginx.baseUrl}/auth/login`, {
      method: 'POST',
      localAddress: CLIENT,
      headers: {
        Authorization: `Basic ${Buffer.from(`${ADMIN.name}:wrong`).toString('base64')}`,
        'X-Forwarded-For': '203.0.113.7',
      },
    })
      .on('response', (response) => response.resume().on('end', () => resolve()))
      .on('error', reject)
      .end();
  });
}
