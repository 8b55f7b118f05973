import { beforeEach, expect } from '@jest/globals';
import { type TokenBulkRequestDto } from '@latchkey/auth-models';
import { tokenHeader, type Headers } from './api-client.js';
import { newUser, PASSWORD } from './factories.js';
import { insertTokens, type TokenRow } from './token-rows.js';
import { type ServerInUse } from './use-server.js';

/** A user with a session. */
interface SignedIn {
  name: string;
  headers: Headers;
  /** Id of the token that is presented. */
  presented: string;
}

const DAY = 86_400_000;

/** When the tokens of the tests end. */
export const IN_90_DAYS = Date.now() + 90 * DAY;

/** Number of series in this file, so that ids of tokens are unique. */
let count = 0;

/** Makes a user with three API tokens before each test, and asks for bulk changes. */
export function useBulkTokens(server: ServerInUse, asAdmin: Headers) {
  const insert = (...rows: TokenRow[]) => server.database.execute(insertTokens(...rows));

  const signUp = async (roles?: string[]): Promise<SignedIn> => {
    const user = newUser(roles && { roles });
    expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
    const { body } = await server.client.login(user.name, PASSWORD);
    return { name: user.name, headers: tokenHeader(body), presented: body.id };
  };

  const made = {
    /** Part of the ids of all tokens of the present test. */
    series: '',
    owner: { name: '', headers: {}, presented: '' },
    ids: [] as string[],
  };

  beforeEach(async () => {
    const owner = await signUp();
    count += 1;
    const series = `series-${count}`;
    const ids = ['a', 'b', 'c'].map((letter) => `${series}-${letter}`);
    Object.assign(made, { owner, series, ids });
    await insert(...ids.map((id) => ({ id, user: owner.name, expirationTime: IN_90_DAYS })));
  });

  return Object.assign(made, {
    signUp,
    insert,
    bulk: (body: object, headers = made.owner.headers) =>
      server.client.bulkTokens(body as TokenBulkRequestDto, headers),
    read: async (id = '') => (await server.client.token(id, asAdmin)).body,
    /** One item for each of the three tokens. */
    each: (status: number) => made.ids.map((id) => ({ id, status })),
  });
}
