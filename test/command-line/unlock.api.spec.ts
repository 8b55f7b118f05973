import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { Installation } from '../support/installation.js';

const LIFTED = `SELECT "id" FROM "audit_events" WHERE "action" = 'authn_throttle_lifted'`;

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.open({ LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '2' });
});

afterAll(() => installation.close());

/** Fails to log in and returns the number of remaining attempts. */
async function attemptsLeft(name: string = ADMIN.name) {
  const client = await installation.running();
  const { headers } = await client.login(name, 'a wrong password');
  return /"account";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1];
}

describe('unlock', () => {
  it('fails and changes nothing for an unknown name', async () => {
    const before = [await attemptsLeft('nobody'), await attemptsLeft('nobody')];

    const failure = await installation.latchkey.failure('unlock', 'nobody');

    expect(before).toEqual(['1', '0']);
    expect(failure).toEqual({ code: 'not_found', message: 'There is no user with this name.' });
    expect(await attemptsLeft('nobody')).toBe('0');
    expect(await installation.database.query(LIFTED)).toEqual([]);
  });

  it('makes the running server reset the failures of a name', async () => {
    const before = [await attemptsLeft(), await attemptsLeft()];

    const { code, output } = await installation.latchkey.run(['unlock', 'ADMIN']);

    expect(before).toEqual(['1', '0']);
    expect(code).toBe(0);
    expect(output.split('\n')).toEqual([
      'Reset the count of consecutive failed logins for admin.',
      expect.stringMatching(
        /^An address with .* stays blocked until 15 minutes .* Log in from another address\.$/,
      ),
      '',
    ]);
    expect(await attemptsLeft()).toBe('1');
  });

  it('resets them while no server runs', async () => {
    await installation.stop();
    const kept = await attemptsLeft();
    await installation.stop();

    const unlocked = await installation.latchkey.json('unlock', 'ADMIN');

    expect([kept, unlocked]).toEqual(['0', { name: 'admin' }]);
    expect(await attemptsLeft()).toBe('1');
  });
});
