import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { tokenHeader, type ApiClient, type Headers } from '../../support/api-client.js';
import { ADMIN, newUser, PASSWORD } from '../../support/factories.js';
import { judge } from './harness/judge.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { type ScenarioContext } from './harness/scenario-context.js';
import { type TestedServer } from './harness/tested-server.js';
import { FAKETIME_LIBRARY, FAKETIME_NEEDS } from './harness/system-programs.js';
import { assert, Violation } from './harness/violation.js';

const HOUR = 3_600_000;
const JUMP = 2 * HOUR;
/** Tolerance for the time from which a token is rejected. */
const TOLERANCE_MILLISECONDS = 500;
/** Reading the clock reads a file. Without pauses, the requests would keep two processors busy for 3 s. */
const POLL_MILLISECONDS = 20;
const ATTEMPTS_MAX = 16;
/** Far longer than the scenario takes. */
const DELAY_SECONDS = 64;
const TIME_WITH_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** A server with a wrong clock. */
class ShiftedServer {
  private milliseconds = 0;

  private constructor(
    readonly tested: TestedServer,
    private readonly file: string,
  ) {}

  static async start(context: ScenarioContext): Promise<ShiftedServer> {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-clock-'));
    context.addCleanUp(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'offset');
    writeFileSync(file, '+0\n');
    const tested = context.sqlite({
      LD_PRELOAD: FAKETIME_LIBRARY,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      LATCHKEY_TOKEN_CACHE_SECONDS: '300',
      LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '2',
    });
    await tested.start();
    return new ShiftedServer(tested, file);
  }

  /** Sets the difference to the real time. */
  set(milliseconds: number): void {
    this.milliseconds = milliseconds;
    const seconds = milliseconds / 1_000;
    // Atomically, because libfaketime exits on a partial file.
    writeFileSync(`${this.file}.next`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${this.file}.next`, this.file);
  }

  /** The difference to the real time. */
  get offset(): number {
    return this.milliseconds;
  }

  /** The server's time. */
  now(): number {
    return Date.now() + this.milliseconds;
  }

  async statusOf(headers: Headers): Promise<number> {
    const { status } = await this.retryOnce((client) => client.verify(headers));
    return status;
  }

  /** Repeats a failed request once, because the server may have closed an idle connection. */
  retryOnce<T>(send: (client: ApiClient) => Promise<T>): Promise<T> {
    return send(this.tested.client).catch(() => send(this.tested.client));
  }

  /** Returns a cached token that expires after a few milliseconds. */
  async tokenFor(name: string, milliseconds: number): Promise<{ headers: Headers; expiryTime: number }> {
    const expiryTime = this.now() + milliseconds;
    const { body, text } = await this.tested.client.login(name, PASSWORD, {
      body: { expirationTime: new Date(expiryTime).toISOString() },
    });
    assert(body.token !== undefined, `no token: ${text}`);
    const headers = tokenHeader(body);
    assert((await this.statusOf(headers)) === 200, 'a new token is rejected');
    return { headers, expiryTime: Date.parse(body.expirationTime ?? '') };
  }
}

/** Returns tokens that were revoked in each way that does not depend on the clock. */
async function revokedTokens({ tested: { client } }: ShiftedServer, name: string, asAdmin: Headers) {
  const session = async () => (await client.login(name, PASSWORD)).body;
  const [loggedOut, revoked, outdated] = [await session(), await session(), await session()];
  await client.logout(tokenHeader(loggedOut));
  await client.revokeToken(revoked.id, asAdmin);
  await client.resetPassword(name, { password: PASSWORD }, asAdmin);
  return { 'logged-out': loggedOut, revoked, 'former-password': outdated };
}

/** Fails logins until the account has a long delay. Sets the clock forward instead of waiting. */
async function causeDelay(clock: ShiftedServer, name: string): Promise<number> {
  let shift = 0;
  for (let attempts = 0; attempts < ATTEMPTS_MAX; attempts += 1) {
    const { status, headers } = await clock.retryOnce((client) => client.login(name, 'a wrong password'));
    const seconds = status === 429 ? Number(headers.get('retry-after')) : 0;
    if (seconds >= DELAY_SECONDS) {
      return seconds;
    }
    shift += 1_000 * seconds;
    clock.set(shift);
  }
  throw new Violation('no account has a long delay');
}

/** Checks that a jump forward or back does not end a delay. */
async function assertDelayHolds(clock: ShiftedServer, name: string): Promise<number> {
  const seconds = await causeDelay(clock, name);
  const offset = clock.offset;
  const half = (1_000 * seconds) / 2;
  for (const jump of [-half, half]) {
    clock.set(offset + jump);
    const { status } = await clock.retryOnce((client) => client.login(name, PASSWORD));
    assert(status === 429, `a jump of ${jump / 1_000} s ends a delay of ${seconds} s`);
  }
  clock.set(0);
  return seconds;
}

async function run(context: ScenarioContext): Promise<Figures> {
  const clock = await ShiftedServer.start(context);
  const { client } = clock.tested;
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const { name } = newUser();
  const delayed = newUser();
  for (const user of [newUser({ name }), delayed]) {
    await client.createUser(user, asAdmin);
  }
  const delaySeconds = await assertDelayHolds(clock, delayed.name);
  const revokedByWay = await revokedTokens(clock, name, asAdmin);
  const short = await clock.tokenFor(name, HOUR);
  const close = await clock.tokenFor(name, JUMP + 3_000);
  const long = await clock.tokenFor(name, 3 * HOUR);
  clock.set(-JUMP);
  assert(
    (await clock.statusOf(long.headers)) === 200,
    'a valid token is rejected after the clock was set back',
  );
  for (const [how, token] of Object.entries(revokedByWay)) {
    assert((await clock.statusOf(tokenHeader(token))) === 401, `a ${how} token is valid again`);
  }
  const fresh = await clock.tokenFor(name, HOUR);
  const { body } = await client.user(name, asAdmin);
  assert(TIME_WITH_ZONE.test(body.lastLoginTime ?? ''), `a time has no zone: ${body.lastLoginTime}`);

  clock.set(JUMP);
  assert((await clock.statusOf(short.headers)) === 401, 'a token is accepted an hour after it expired');
  assert((await clock.statusOf(fresh.headers)) === 401, 'a token is accepted three hours after it expired');
  assert((await clock.statusOf(long.headers)) === 200, 'a token is rejected before it expires');
  // The times before a request and after a response do not depend on the machine's speed.
  let sentTime = clock.now();
  while ((await clock.statusOf(close.headers)) === 200) {
    const late = sentTime - close.expiryTime;
    assert(late < TOLERANCE_MILLISECONDS, `a token is accepted ${late.toFixed()} ms after it expired`);
    await pause(POLL_MILLISECONDS);
    sentTime = clock.now();
  }
  assert(clock.now() >= close.expiryTime - TOLERANCE_MILLISECONDS, 'a token is rejected before it expires');

  clock.set(0);
  for (const token of [short, close]) {
    assert(
      (await clock.statusOf(token.headers)) === 401,
      'a token that was rejected as expired is valid again',
    );
  }
  assert(
    (await clock.statusOf(long.headers)) === 200,
    'a valid token is rejected after the clock was set back',
  );
  await judge(clock.tested, context.record);
  return { 'hours forward and back': JUMP / HOUR, 'delay (s)': delaySeconds };
}

// Covers B43 in docs/explanation/security.md.
describeScenario({
  name: 'a clock that jumps two hours back and forward',
  needs: FAKETIME_NEEDS,
  run,
});
