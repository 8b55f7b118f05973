import { afterEach, describe, expect, it } from '@jest/globals';
import { ADMIN } from '../../support/factories.js';
import { PATIENCE, Place } from './place.js';

let place: Place;

afterEach(() => place.close(), PATIENCE);

describe('unlock', () => {
  it(
    'makes the running server forget the failed tries of a name',
    async () => {
      place = await Place.open('sqlite', { LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '5' });
      const { client } = await place.running();
      const triesLeft = async () => {
        const { headers } = await client.login(ADMIN.name, 'a wrong password');
        return /"account";r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1];
      };
      const before = [await triesLeft(), await triesLeft()];

      const { code, output } = await place.latchkey.run(['unlock', 'ADMIN']);

      expect(before).toEqual(['4', '3']);
      expect({ code, output }).toEqual({ code: 0, output: 'ADMIN may try again.\n' });
      expect(await triesLeft()).toBe('4');
    },
    PATIENCE,
  );

  it(
    'says that nobody has the name, whose failed tries it forgets all the same',
    async () => {
      place = await Place.open('sqlite', { LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '2' });
      const { client } = await place.running();
      const login = async () => (await client.login('nobody', 'a password')).status;
      const before = [await login(), await login(), await login()];

      const failure = await place.latchkey.failure('unlock', 'nobody');

      expect(before).toEqual([401, 401, 429]);
      expect(failure).toEqual({
        code: 'not_found',
        message:
          'There is no user nobody: is the name right? Failed log-ins with it are forgotten all the same.',
      });
      expect(await login()).toBe(401);
    },
    PATIENCE,
  );

  it(
    'says that nobody is locked out while no server runs',
    async () => {
      place = await Place.open('sqlite');
      await place.running();
      await place.stop();

      const { code, output } = await place.latchkey.run(['unlock', 'admin']);

      expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^No server runs/) });
    },
    PATIENCE,
  );

  it(
    'says on PostgreSQL whom to ask',
    async () => {
      place = await Place.open('postgres');

      const { message } = await place.latchkey.failure('unlock', 'admin');

      expect(message).toMatch(
        /^On PostgreSQL each server .* DELETE \/users\/admin\/throttle, or start it anew\./,
      );
    },
    PATIENCE,
  );
});
