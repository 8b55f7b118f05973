import { beforeEach, expect, jest } from '@jest/globals';
import { PresentedTokenReader } from '../../apps/api/src/tokens/cache/presented-token-reader.service.js';
import { type RunningServer } from '../support/use-server.js';
import { type TokenWithHeaders } from '../support/use-tokens.js';

/** Fills the cache of verified tokens, and spies on the reads of tokens from the database. */
export function useCache(server: RunningServer) {
  let reads: jest.SpiedFunction<PresentedTokenReader['findByDigest']>;

  beforeEach(() => {
    reads = jest.spyOn(server.app.get(PresentedTokenReader), 'findByDigest');
  });

  const verify = async ({ headers }: Pick<TokenWithHeaders, 'headers'>) =>
    (await server.client.verify(headers)).status;

  return {
    get reads() {
      return reads;
    },

    verify,

    /** Uses a token until it is cached. On PostgreSQL pending notifications may remove it at first. */
    warm: async <T extends Pick<TokenWithHeaders, 'headers'>>(token: T): Promise<T> => {
      do {
        reads.mockClear();
        expect(await verify(token)).toBe(200);
      } while (reads.mock.calls.length > 0);
      return token;
    },
  };
}
