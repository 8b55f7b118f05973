import { beforeAll, describe, expect, it } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { manyTokens } from '../support/many-tokens.js';
import { useAdmin, useServer } from '../support/use-server.js';

const TOKENS = 25_000;
const SIZE = 200;
const EVERY_STATE = 'state=active,expiring,expired,disabled,revoked';

const server = useServer();
const asAdmin = useAdmin(server);

beforeAll(() => server.database.execute(manyTokens({ users: 500, tokens: TOKENS })));

const idsOf = (items: readonly UserTokenDto[]) => items.map(({ id }) => id);

describe('GET /tokens with many tokens', () => {
  it.each(['-lastUsageTime,user', 'note', 'kind'])(
    'returns the rows of the complete list on its pages, also on the last: %s',
    async (sort) => {
      const { text } = await server.client.tokens(
        { ...asAdmin, Accept: 'application/x-ndjson' },
        `?user=many-7&sort=${sort}`,
      );
      const { body } = await server.client.tokens(asAdmin, `?user=many-7&size=200&sort=${sort}`);
      const all = await server.client.tokens(
        { ...asAdmin, Accept: 'application/x-ndjson' },
        `?${EVERY_STATE}&kind=api&sort=${sort}`,
      );

      const whole = linesOf(all.text);
      expect(idsOf(body.items)).toEqual(idsOf(linesOf(text)));
      expect(new Set(idsOf(whole)).size).toBe(whole.length);
      for (const page of [1, 2, Math.ceil(whole.length / SIZE) - 1, Math.ceil(whole.length / SIZE)]) {
        const { body: deep } = await server.client.tokens(
          asAdmin,
          `?${EVERY_STATE}&kind=api&sort=${sort}&size=${SIZE}&page=${page}`,
        );
        expect(deep.total).toBe(whole.length);
        expect(idsOf(deep.items)).toEqual(idsOf(whole.slice((page - 1) * SIZE, page * SIZE)));
      }
    },
  );

  it('returns the rows of the complete list on pages read from the other end', async () => {
    const pages = [60, 61, 62, 63, 110, 125, 126, 127];
    const query = `?${EVERY_STATE}&sort=creationTime&size=${SIZE}`;
    const { text } = await server.client.tokens(
      { ...asAdmin, Accept: 'application/x-ndjson' },
      query.replace(/&size=\d+/, ''),
    );
    const whole = linesOf(text);

    for (const page of pages) {
      const { body } = await server.client.tokens(asAdmin, `${query}&page=${page}`);
      expect(idsOf(body.items)).toEqual(idsOf(whole.slice((page - 1) * SIZE, page * SIZE)));
    }
    expect(whole.length).toBe(TOKENS + 1);
  });
});

function linesOf(text: string): UserTokenDto[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as UserTokenDto);
}
