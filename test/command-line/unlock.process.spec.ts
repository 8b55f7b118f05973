import { afterEach, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../support/factories.js';
import { type ServerProcess } from '../support/server-process.js';
import { waitUntil } from '../support/use-replicas.js';
import { TIMEOUT, Place } from './place.js';

const LIFTED = `SELECT "id" FROM "audit_events" WHERE "action" = 'authn_throttle_lifted'`;

let place: Place;

afterEach(() => place.close(), TIMEOUT);

/** Fails to log in and returns the number of remaining attempts. */
async function attemptsLeft({ client }: ServerProcess, name: string = ADMIN.name) {
  const { headers } = await client.login(name, 'a wrong password');
  return /"account";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1];
}

describe('unlock', () => {
  it.each([['sqlite'], ['postgres']] as const)(
    'makes the running server on %s reset the failures of a name',
    async (kind) => {
      place = await Place.open(kind, { LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '2' });
      const server = await place.running();
      const before = [await attemptsLeft(server), await attemptsLeft(server)];

      const { code, output } = await place.latchkey.run(['unlock', 'ADMIN']);

      expect(before).toEqual(['1', '0']);
      expect(code).toBe(0);
      expect(output.split('\n')).toEqual([
        'Reset the count of consecutive failed logins for admin.',
        expect.stringMatching(
          /^An address with .* stays blocked until 15 minutes .* Log in from another address\.$/,
        ),
        '',
      ]);
      await waitUntil(async () => (await attemptsLeft(server)) === '1', 100);
    },
    TIMEOUT,
  );

  it(
    'fails and changes nothing for an unknown name',
    async () => {
      place = await Place.open('sqlite', { LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '2' });
      const server = await place.running();
      const before = [await attemptsLeft(server, 'nobody'), await attemptsLeft(server, 'nobody')];

      const failure = await place.latchkey.failure('unlock', 'nobody');

      expect(before).toEqual(['1', '0']);
      expect(failure).toEqual({ code: 'not_found', message: 'There is no user with this name.' });
      expect(await attemptsLeft(server, 'nobody')).toBe('0');
      expect(await place.database.query(LIFTED)).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'resets them while no server runs',
    async () => {
      place = await Place.open('sqlite', { LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '5' });
      const before = await attemptsLeft(await place.running());
      await place.stop();
      const kept = await attemptsLeft(await place.running());
      await place.stop();

      const unlocked = await place.latchkey.json('unlock', 'ADMIN');

      expect([before, kept, unlocked]).toEqual(['4', '3', { name: 'admin' }]);
      expect(await attemptsLeft(await place.running())).toBe('4');
    },
    TIMEOUT,
  );
});
