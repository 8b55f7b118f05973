import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { ADMIN, newUser, PASSWORD } from '../support/factories.js';
import { judge } from './harness/oracle.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { promised } from './harness/settings.js';
import { type Stage } from './harness/stage.js';
import { type Subject } from './harness/subject.js';
import { FAKETIME_LIBRARY, FAKETIME_NEEDS } from './harness/system-programs.js';
import { insist } from './harness/violation.js';
import { BELIEVES_TOKENS_AFTER_THEIR_END, SHOWS_TIMES_WITHOUT_A_ZONE } from './sabotages.js';

const HOUR = 3_600_000;
const JUMP = 2 * HOUR;
/** How soon after its end a token must be refused. */
const LATE_MILLISECONDS = promised(500);
const LOCK_TRIES = 9;
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
    writeFileSync(this.file, `${seconds < 0 ? '' : '+'}${seconds}\n`);
  }

  /** The server's time. */
  now(): number {
    return Date.now() + this.milliseconds;
  }

  async statusOf(headers: Headers): Promise<number> {
    const { client } = this.subject;
    // A connection that was idle for long may be closed just as it is used again.
    const { status } = await client.verify(headers).catch(() => client.verify(headers));
    return status;
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

/** Tries a wrong password until the account is locked, and returns for how many seconds it is. */
async function lock({ subject: { client } }: Shifted, name: string): Promise<number> {
  let seconds = 0;
  for (let tries = 0; tries < LOCK_TRIES && seconds < 2; tries += 1) {
    const { status, headers } = await client.login(name, 'a wrong password');
    seconds = status === 429 ? Number(headers.get('retry-after')) : 0;
    if (status === 429 && seconds < 2) {
      await pause(1_000 * seconds);
    }
  }
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
  const ended = await endedTokens(clock, name, asAdmin);
  const short = await clock.tokenFor(name, HOUR);
  const close = await clock.tokenFor(name, JUMP + 3_000);
  const long = await clock.tokenFor(name, 3 * HOUR);
  const lockSeconds = await lock(clock, locked.name);
  insist(lockSeconds > 0, 'no account is locked');

  clock.set(-HOUR);
  insist(
    (await client.login(locked.name, PASSWORD)).status === 429,
    'a lock is lifted by a clock that was set back',
  );
  // Set back this far, a count is too far ahead to be believed, and forgotten: early by no more than the jump.
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
  await judge(clock.subject, stage.ledger);
  return { 'hours forth and back': JUMP / HOUR, 'the lock (s)': lockSeconds };
}

describeScenario({
  name: 'B43 a clock that jumps two hours back and forth',
  needs: FAKETIME_NEEDS,
  play,
  sabotages: [
    { sabotage: BELIEVES_TOKENS_AFTER_THEIR_END, complaint: /a token is accepted \d+ ms after its end/ },
    { sabotage: SHOWS_TIMES_WITHOUT_A_ZONE, complaint: /a time is no instant/, isLong: true },
  ],
});
