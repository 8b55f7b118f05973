import { jest } from '@jest/globals';
import { TokenLookUp } from '../../apps/api/src/identity/tokens/cache/token-look-up.js';
import { type Headers } from './api-client.js';
import { type ServerInUse } from './use-server.js';

/** A request whose token was read as it was then. */
export interface HeldLookUp {
  /** Lets it go on, and returns the status it is answered with. */
  letGo(): Promise<number>;
}

/** Sends a request, and holds it once its token has been read. */
export async function holdLookUp(
  { app, client }: Pick<ServerInUse, 'app' | 'client'>,
  headers: Headers,
): Promise<HeldLookUp> {
  const repository = app.get(TokenLookUp);
  const original = TokenLookUp.prototype.findByDigest.bind(repository);
  let letGo: () => void = () => undefined;
  const isLetGo = new Promise<void>((resolve) => (letGo = resolve));
  let answer: Promise<number> | undefined;
  await new Promise<void>((hasRead) => {
    jest.spyOn(repository, 'findByDigest').mockImplementationOnce(async (digest) => {
      const record = await original(digest);
      hasRead();
      await isLetGo;
      return record;
    });
    answer = client.verify(headers).then(({ status }) => status);
  });
  return {
    letGo: () => {
      letGo();
      return answer!;
    },
  };
}
