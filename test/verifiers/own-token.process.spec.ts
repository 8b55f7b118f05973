import { chmod, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { tokenHeader } from '../support/api-client.js';
import { type Example, ExampleProcess } from '../support/example-process.js';
import { describeIfInstalled, PYTHON_MISSING } from '../support/external-programs.js';
import { flushTokenUsage, useAdmin, useServer } from '../support/use-server.js';
import { useTokens } from '../support/use-tokens.js';
import { waitUntil } from '../support/wait-until.js';

const DAY_SECONDS = 86_400;

const server = useServer();
const asAdmin = useAdmin(server);
const { signUp, signUpWithPermissions, createToken, auditEventsOf } = useTokens(server, asAdmin);

describe('a service guarded with Express', () => describeService('express'));

describeIfInstalled(PYTHON_MISSING, 'a service guarded with Flask', () => describeService('flask'));

function describeService(example: Example): void {
  let folder: string;
  let file: string;
  let services: ExampleProcess[];

  /** Creates the token of the services, with the share of its lifetime that is left, and the file. */
  async function createOwnToken(expiresIn: number, share: number): Promise<UserTokenDto> {
    const token = await createToken(await signUpWithPermissions('tokens:introspect'), { expiresIn });
    await writeFile(file, `${token.token}\n`);
    const storedAt = Date.now() / 1_000 - expiresIn * (1 / share - 1);
    await utimes(file, storedAt, storedAt);
    return token;
  }

  async function start(token: UserTokenDto): Promise<void> {
    services.push(await ExampleProcess.start(example, server.client.baseUrl, token.token ?? '', file));
  }

  /** Sends each service a request with a token that it does not know. Returns the status codes. */
  async function statuses(): Promise<number[]> {
    const headers = tokenHeader(await createToken(await signUp()));
    return Promise.all(services.map(async (service) => (await service.get('/hello', headers)).status));
  }

  /** Number of uses of the old secret since the rotation. */
  async function usesOfOldSecret({ id }: UserTokenDto): Promise<number | undefined> {
    await flushTokenUsage(server);
    return (await server.client.token(id, asAdmin)).body.superseded?.uses;
  }

  const rotationsOf = async ({ id }: UserTokenDto) =>
    (await auditEventsOf(id)).filter(({ action }) => action === 'authn_token_rotated').length;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'latchkey-own-token-'));
    file = join(folder, 'token');
    services = [];
  });

  afterEach(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await rm(folder, { recursive: true });
  });

  it('renews the token in its file once with another one, and rejects no request meanwhile', async () => {
    const token = await createOwnToken(600, 0.3);
    await Promise.all([start(token), start(token)]);

    const received: number[] = [];
    await waitUntil(async () => {
      received.push(...(await statuses()));
      return (await readFile(file, 'utf8')) !== `${token.token}\n`;
    });
    received.push(...(await statuses()));

    expect(new Set(received)).toEqual(new Set([200]));
    const { expirationTime } = (await server.client.token(token.id, asAdmin)).body;
    expect(Date.parse(expirationTime!)).toBeGreaterThan(Date.parse(token.expirationTime!));
    await waitUntil(
      () => Promise.all(services.map(expiryOf)),
      (expiries) => expiries.every((expiry) => expiry === secondOf(expirationTime)),
    );
    // A service may use the old secret for up to a second after another one has replaced the file.
    await waitUntil(async () => {
      const uses = await usesOfOldSecret(token);
      expect(await statuses()).toEqual([200, 200]);
      return uses !== undefined && (await usesOfOldSecret(token)) === uses;
    });
    expect((await server.client.revokeSupersededSecret(token.id, asAdmin)).status).toBe(204);
    expect(await statuses()).toEqual([200, 200]);
    expect(await rotationsOf(token)).toBe(1);
    // The other service may be about to find that nothing is left to do.
    await waitUntil(
      () => readdir(folder),
      (names) => names.join() === 'token',
    );
    expect(services.map(({ output }) => output.includes('Latchkey verifier'))).toEqual([false, false]);
  });

  it('warns if it cannot store a token that expires soon', async () => {
    const token = await createOwnToken(9 * DAY_SECONDS, 0.1);
    await chmod(file, 0o444);

    await start(token);
    await waitUntil(() => services[0]?.output.includes('token is read-only.') ?? false);

    expect(services[0]?.output).toContain(
      `Latchkey verifier: The token of this verifier stops working on ${token.expirationTime}, and was not renewed: `,
    );
    expect(await expiryOf(services[0]!)).toBe(secondOf(token.expirationTime));
    expect([await rotationsOf(token), await statuses()]).toEqual([0, [200]]);
  });

  it('warns if its token was rotated elsewhere, and uses the new one as soon as it is stored', async () => {
    const token = await createOwnToken(90 * DAY_SECONDS, 0.9);
    await start(token);
    const { body: rotated } = await server.client.rotateToken(token.id, asAdmin, {
      gracePeriodSeconds: 3_600,
    });

    await waitUntil(async () => {
      expect(await statuses()).toEqual([200]);
      return services[0]?.output.includes('stops working within a week') ?? false;
    });
    await writeFile(file, `${rotated.token}\n`);
    await waitUntil(async () => {
      expect(await statuses()).toEqual([200]);
      const { superseded } = (await server.client.token(token.id, asAdmin)).body;
      return superseded !== undefined && (await expiryOf(services[0]!)) === secondOf(rotated.expirationTime);
    });
    await server.client.revokeSupersededSecret(token.id, asAdmin);

    expect(await statuses()).toEqual([200]);
  });
}

/** Returns the second in which the own token of a service expires. */
async function expiryOf(service: ExampleProcess): Promise<number> {
  // In Python, the name has another form.
  const { tokenExpirationTime, token_expiration_time } = (await service.health()) as unknown as Record<
    string,
    string
  >;
  return secondOf(tokenExpirationTime ?? token_expiration_time);
}

const secondOf = (time = '') => Math.floor(Date.parse(time) / 1_000);
