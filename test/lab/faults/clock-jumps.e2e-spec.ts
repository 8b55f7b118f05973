import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tokenHeader, type ApiClient, type Headers } from '../../support/api-client.js';
import { ADMIN, newUser, PASSWORD } from '../../support/factories.js';
import { judge } from './harness/oracle.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { promised } from './harness/settings.js';
import { type Stage } from './harness/stage.js';
import { type Subject } from './harness/subject.js';
import { FAKETIME_LIBRARY, FAKETIME_NEEDS } from './harness/system-programs.js';
import { insist, Violation } from './harness/violation.js';
import {
  BELIEVES_TOKENS_AFTER_THEIR_END,
  FORGETS_WHAT_HAS_RUN_OUT,
  SHOWS_TIMES_WITHOUT_A_ZONE,
} from './sabotages.js';

const HOUR = 3_600_000;
const JUMP = 2 * HOUR;
/** How soon after its end a token must be refused. */
const LATE_MILLISECONDS = promised(500);
const LOCK_TRIES = 16;
/** Far longer than anything here takes. */
const LOCK_SECONDS = 64;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** A server whose clock goes wrong. */
class Shifted {
  private milliseconds = 0;

  private constructor(
    readonly subject: Subject,
    private readonly file: string,
  ) {}

  static async start(stage: Stage): Promise<Shifted> {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-clock-'));
    stage.later(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'offset');
    writeFileSync(file, '+0\n');
    const subject = stage.sqlite({
      LD_PRELOAD: FAKETIME_LIBRARY,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      LATCHKEY_TOKEN_CACHE_SECONDS: '300',
      LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '2',
    });
    await subject.start();
    return new Shifted(subject, file);
  }

  /** Sets the clock so far off what it should be. */
  set(milliseconds: number): void {
    this.milliseconds = milliseconds;
    const seconds = milliseconds / 1_000;
    // In one step: of half a file the library ends the process.
    writeFileSync(`${this.file}.next`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${this.file}.next`, this.file);
  }

  /** How far off the clock is. */
  get offset(): number {
    return this.milliseconds;
  }

  /** The server's time. */
  now(): number {
    return Date.now() + this.milliseconds;
  }

  async statusOf(headers: Headers): Promise<number> {
    const { status } = await this.asked((client) => client.verify(headers));
    return status;
  }

  /** Asks once more if need be: a connection that was idle for long may be closed just as it is used again. */
  asked<T>(ask: (client: ApiClient) => Promise<T>): Promise<T> {
    return ask(this.subject.client).catch(() => ask(this.subject.client));
  }

  /** A token that ends so many milliseconds from now, known to the server's cache. */
  async tokenFor(name: string, milliseconds: number): Promise<{ headers: Headers; endTime: number }> {
    const endTime = this.now() + milliseconds;
    const { body, text } = await this.subject.client.login(name, PASSWORD, {
      body: { expirationTime: new Date(endTime).toISOString() },
    });
    insist(body.token !== undefined, `no token: ${text}`);
    const headers = tokenHeader(body);
    insist((await this.statusOf(headers)) === 200, 'a new token is refused');
    return { headers, endTime: Date.parse(body.expirationTime ?? '') };
  }
}

/** Tokens that ended in each way that does not go by the clock. */
async function endedTokens({ subject: { client } }: Shifted, name: string, asAdmin: Headers) {
  const session = async () => (await client.login(name, PASSWORD)).body;
  const [loggedOut, revoked, outdated] = [await session(), await session(), await session()];
  await client.logout(tokenHeader(loggedOut));
  await client.revokeToken(revoked.id, asAdmin);
  await client.resetPassword(name, { password: PASSWORD }, asAdmin);
  return { 'logged out': loggedOut, revoked, 'of an earlier password': outdated };
}

/** Tries a wrong password until the account is locked for long, with a clock that is set forth instead of waiting. */
async function lock(clock: Shifted, name: string): Promise<number> {
  let shift = 0;
  for (let tries = 0; tries < LOCK_TRIES; tries += 1) {
    const { status, headers } = await clock.asked((client) => client.login(name, 'a wrong password'));
    const seconds = status === 429 ? Number(headers.get('retry-after')) : 0;
    if (seconds >= LOCK_SECONDS) {
      return seconds;
    }
    shift += 1_000 * seconds;
    clock.set(shift);
  }
  throw new Violation('no account is locked for long');
}

/** No lock is lifted early by more than a jump, back or forth. */
async function insistOnLock(clock: Shifted, name: string): Promise<number> {
  const seconds = await lock(clock, name);
  const locked = clock.offset;
  const half = (1_000 * seconds) / 2;
  for (const jump of [-half, half]) {
    clock.set(locked + jump);
    const { status } = await clock.asked((client) => client.login(name, PASSWORD));
    insist(status === 429, `a lock of ${seconds} s is lifted by a jump of ${jump / 1_000} s`);
  }
  clock.set(0);
  return seconds;
}

async function play(stage: Stage): Promise<Figures> {
  const clock = await Shifted.start(stage);
  const { client } = clock.subject;
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const { name } = newUser();
  const locked = newUser();
  for (const user of [newUser({ name }), locked]) {
    await client.createUser(user, asAdmin);
  }
  const lockSeconds = await insistOnLock(clock, locked.name);
  const ended = await endedTokens(clock, name, asAdmin);
  const short = await clock.tokenFor(name, HOUR);
  const close = await clock.tokenFor(name, JUMP + 3_000);
  const long = await clock.tokenFor(name, 3 * HOUR);
  clock.set(-JUMP);
  insist((await clock.statusOf(long.headers)) === 200, 'a good token is refused when the clock was set back');
  for (const [how, token] of Object.entries(ended)) {
    insist((await clock.statusOf(tokenHeader(token))) === 401, `a token revives that was ${how}`);
  }
  const fresh = await clock.tokenFor(name, HOUR);
  const { body } = await client.user(name, asAdmin);
  insist(INSTANT.test(body.lastLoginTime ?? ''), `a time is no instant with a zone: ${body.lastLoginTime}`);

  clock.set(JUMP);
  insist((await clock.statusOf(short.headers)) === 401, 'a token is accepted an hour after its end');
  insist((await clock.statusOf(fresh.headers)) === 401, 'a token is accepted three hours after its end');
  insist((await clock.statusOf(long.headers)) === 200, 'a token is refused before its end');
  while ((await clock.statusOf(close.headers)) === 200) {
    const late = clock.now() - close.endTime;
    insist(late < LATE_MILLISECONDS, `a token is accepted ${late.toFixed()} ms after its end`);
  }
  insist(clock.now() >= close.endTime - LATE_MILLISECONDS, 'a token is refused before its end');

  clock.set(0);
  for (const token of [short, close]) {
    insist((await clock.statusOf(token.headers)) === 401, 'a token revives that was refused after its end');
  }
  insist((await clock.statusOf(long.headers)) === 200, 'a good token is refused when the clock was set back');
  await judge(clock.subject, stage.ledger);
  return { 'hours forth and back': JUMP / HOUR, 'the lock (s)': lockSeconds };
}

describeScenario({
  name: 'B43 a clock that jumps two hours back and forth',
  needs: FAKETIME_NEEDS,
  play,
  sabotages: [
    { sabotage: BELIEVES_TOKENS_AFTER_THEIR_END, complaint: /a token is accepted \d+ ms after its end/ },
    { sabotage: FORGETS_WHAT_HAS_RUN_OUT, complaint: /a token revives that was refused/, isLong: true },
    { sabotage: SHOWS_TIMES_WITHOUT_A_ZONE, complaint: /a time is no instant/, isLong: true },
  ],
});
