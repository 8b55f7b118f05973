import { type ClientRecord } from './client-record.js';
import { type TestedServer } from './tested-server.js';
import { assertNone } from './violation.js';

interface Entry {
  sequence: number;
  traceId: string | null;
  action: string;
  outcome: string;
  subjectId: string | null;
  after: string | null;
}

const ENTRIES = `SELECT "sequence", "traceId", "action", "outcome", "subjectId", "after" FROM "audit_events" ORDER BY "sequence"`;

/** @throws Violation unless each acknowledged change has one entry, and each row has the entry of its creation. */
export async function assertCompleteTrail(
  { store }: TestedServer,
  { acknowledged }: ClientRecord,
): Promise<void> {
  const entries = await store.query<Entry>(ENTRIES);
  const recorded = new Map<string, string[]>();
  for (const { traceId, action } of entries) {
    recorded.set(traceId ?? '', [...(recorded.get(traceId ?? '') ?? []), action]);
  }
  assertNone(
    [...acknowledged]
      .filter(([traceId, action]) => recorded.get(traceId)?.join() !== action)
      .map(([traceId, action]) => `${action} of ${traceId}`),
    'acknowledged changes do not have exactly one entry',
  );
  assertNone(
    entries
      .filter(({ sequence }, index) => Number(sequence) !== index + 1)
      .map(({ sequence }) => `at ${sequence}`),
    'entries are missing',
  );

  const subjectsOf = (action: string) =>
    new Set(entries.filter((entry) => entry.action === action).map(({ subjectId }) => subjectId));
  const created = subjectsOf('user_created');
  const revoked = new Set([...subjectsOf('authn_logout'), ...subjectsOf('authn_token_revoked')]);
  const issued = new Set([
    ...subjectsOf('authn_token_created'),
    ...entries
      .filter(({ action }) => action === 'authn_login_success')
      .map(({ after }) => (JSON.parse(after ?? '{}') as { tokenId?: string }).tokenId),
  ]);
  const users = await store.query<{ id: string; name: string }>(`SELECT "id", "name" FROM "users"`);
  const tokens = await store.query<{ id: string; end: number | null }>(
    `SELECT "id", "revocationTime" AS "end" FROM "tokens"`,
  );
  assertNone(
    [
      ...users.filter(({ id }) => !created.has(id)).map(({ name }) => `the user ${name}`),
      ...tokens.filter(({ id }) => !issued.has(id)).map(({ id }) => `the token ${id}`),
      ...tokens
        .filter(({ id, end }) => end !== null && !revoked.has(id))
        .map(({ id }) => `the revocation of ${id}`),
    ],
    'changes have no entry',
  );
}
