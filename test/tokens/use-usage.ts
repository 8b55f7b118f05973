import { expect } from '@jest/globals';
import { type UserTokenDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { newUser, PASSWORD } from '../support/factories.js';
import { flushTokenUsage, type RunningServer } from '../support/use-server.js';

/** API token, and its owner with a session. */
export interface OwnToken {
  name: string;
  asOwner: Headers;
  token: UserTokenDto;
}

/** Creates tokens, uses them, and reads their usage. */
export function useUsage(server: RunningServer, asAdmin: Headers) {
  return {
    createOwnToken: async (): Promise<OwnToken> => {
      const user = newUser();
      expect((await server.client.createUser(user, asAdmin)).status).toBe(201);
      const asOwner = await server.client.loginHeaders(user.name, PASSWORD);
      const { body: token } = await server.client.createMyToken(asOwner, { note: 'job' });
      return { name: user.name, asOwner, token };
    },

    /** Uses a secret this number of times in parallel. */
    use: async (secret: string | undefined, times = 1, agent = 'job/1'): Promise<void> => {
      const headers = { Authorization: `Bearer ${secret}`, 'User-Agent': agent };
      const answers = await Promise.all(Array.from({ length: times }, () => server.client.verify(headers)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    },

    /** Writes the pending counts, and returns the usage by day. */
    usageOf: async ({ id }: UserTokenDto, headers: Headers) => {
      await flushTokenUsage(server);
      return (await server.client.tokenUsage(id, headers)).body.days;
    },
  };
}
