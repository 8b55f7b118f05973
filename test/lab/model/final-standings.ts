import { expect } from '@jest/globals';
import { type ApiClient, type Headers } from '../../support/api-client.js';
import { isOfAll, type History, type Session } from './history.js';

/** Checks what is left in the end: each token that nothing ended, while its user is enabled, and no other. */
export async function expectFinalStandings(
  history: History,
  tokens: Record<string, Headers>,
  isEnabled: boolean,
  client: ApiClient,
): Promise<void> {
  const verify = async (headers: Headers) => (await client.verify(headers)).status;
  for (const [token, headers] of Object.entries(tokens)) {
    const isOver = history.ends.some((end) => isOfAll(end) || end.of === token);

    expect([token, await verify(headers)]).toEqual([token, isEnabled && !isOver ? 200 : 401]);
  }
  for (const session of history.sessions) {
    const status = await verify(session.headers);

    expect(isEnabled ? standings(session, history) : [401]).toContain(status);
  }
}

/** What a session may be answered: either, where it was begun while all others ended. */
function standings(session: Session, { ends }: History): number[] {
  const ofAll = ends.filter(isOfAll);
  const isOver = ofAll.some(({ of, sent }) => of === 'all and the password' || sent > session.answered);
  if (isOver) {
    return [401];
  }
  return ofAll.some(({ answered }) => answered > session.sent) ? [200, 401] : [200];
}
