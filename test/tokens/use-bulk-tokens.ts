import { beforeEach, expect } from '@jest/globals';
import { type TokenBulkRequestDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { insertTokens, type TokenRow } from '../support/token-rows.js';
import { type RunningServer } from '../support/use-server.js';

/** User with a session. */
interface SignedIn {
  name: string;
  headers: Headers;
  /** Id of the presented token. */
  presented: string;
}

const DAY = 86_400_000;

/** Expiry of the tokens, in milliseconds since 1970. */
export const IN_90_DAYS = Date.now() + 90 * DAY;

/** Number of series in this file, so that ids of tokens are unique. */
let count = 0;

/** Creates a user with three API tokens before each test and sends bulk requests. */
export function useBulkTokens(server: RunningServer, asAdmin: Headers) {
  const insert = (...rows: TokenRow[]) => server.database.execute(insertTokens(...rows));

  const signUp = async (roles?: string[]): Promise<SignedIn> => {
    const user = newUser(roles && { roles });
    expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
    const { body } = await server.client.login(user.name, PASSWORD);
    return { name: user.name, headers: tokenHeader(body), presented: body.id };
  };

  const current = {
    /** Prefix of the token ids in the current test. */
    series: '',
    owner: { name: '', headers: {}, presented: '' },
    ids: [] as string[],
  };

  beforeEach(async () => {
    const owner = await signUp();
    count += 1;
    const series = `series-${count}`;
    const ids = ['a', 'b', 'c'].map((letter) => `${series}-${letter}`);
    Object.assign(current, { owner, series, ids });
    await insert(...ids.map((id) => ({ id, user: owner.name, expirationTime: IN_90_DAYS })));
  });

  return Object.assign(current, {
    signUp,
    insert,
    bulk: (body: object, headers = current.owner.headers) =>
      server.client.bulkTokens(body as TokenBulkRequestDto, headers),
    read: async (id = '') => (await server.client.token(id, asAdmin)).body,
    /** Returns one result for each of the three tokens. */
    each: (status: number) => current.ids.map((id) => ({ id, status })),
  });
}
