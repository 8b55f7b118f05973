import { expect } from '@jest/globals';
import { type ApiClient, type Headers } from '../../support/api-client.js';
import { revokesAll, type History, type Session } from './history.js';

/** Checks that exactly those tokens are valid that no request revoked, if their user is enabled. */
export async function expectFinalStatuses(
  history: History,
  tokens: Record<string, Headers>,
  isEnabled: boolean,
  client: ApiClient,
): Promise<void> {
  const verify = async (headers: Headers) => (await client.verify(headers)).status;
  for (const [token, headers] of Object.entries(tokens)) {
    const isRevoked = history.revocations.some((event) => revokesAll(event) || event.of === token);

    expect([token, await verify(headers)]).toEqual([token, isEnabled && !isRevoked ? 200 : 401]);
  }
  for (const session of history.sessions) {
    const status = await verify(session.headers);

    expect(isEnabled ? expectedStatuses(session, history) : [401]).toContain(status);
  }
}

/** Returns the possible statuses of a session: both, if it began while all tokens were being revoked. */
function expectedStatuses(session: Session, { revocations }: History): number[] {
  const revocationsOfAll = revocations.filter(revokesAll);
  const isRevoked = revocationsOfAll.some(
    ({ of, sent }) => of === 'all and the password' || sent > session.answered,
  );
  if (isRevoked) {
    return [401];
  }
  return revocationsOfAll.some(({ answered }) => answered > session.sent) ? [200, 401] : [200];
}
