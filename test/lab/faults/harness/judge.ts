import pLimit from 'p-limit';
import { type Headers } from '../../../support/api-client.js';
import { CommandLine } from '../../../support/command-line.js';
import { ADMIN } from '../../../support/factories.js';
import { type ClientRecord, type RecordedResponse } from './client-record.js';
import { deadline } from './settings.js';
import { type TestedServer } from './tested-server.js';
import { assert, assertNone } from './violation.js';

/** Limit for every response (B38). */
const RESPONSE_MILLISECONDS = deadline(5_000);

const TOKEN = /latchkey_[A-Za-z0-9_-]{30,}/;

/** Deviations that a scenario allows. */
export interface Allowance {
  /** Whether the server was killed, so open requests have no response. */
  isKilled?: boolean;
  /** Limit for responses. */
  milliseconds?: number;
}

/**
 * Checks a server after a fault: acknowledged changes are kept, revoked tokens stay revoked, each change has
 * one audit entry, the trail and the data are intact, no secret was logged, and all responses were expected
 * and in time.
 *
 * @throws Violation
 */
export async function judge(
  tested: TestedServer,
  record: ClientRecord,
  allowance: Allowance = {},
): Promise<void> {
  assertExpectedResponses(record, allowance);
  await assertAcknowledgedState(tested, record);
  await assertCompleteTrail(tested, record);
  assertNone(await tested.store.damages(), 'the data is damaged');
  assertNone(await trailProblems(tested), 'the verification of the audit trail failed');
  assertNoSecretsLogged(tested, record);
}

/** @throws Violation if a response was late, malformed, or neither a success nor 503 with `Retry-After`. */
export function assertExpectedResponses(
  record: ClientRecord,
  { isKilled = false, milliseconds: most = RESPONSE_MILLISECONDS }: Allowance = {},
): void {
  const { responses, complaints, malformed, lost } = record;
  assertNone(complaints, 'clients saw invalid states');
  assertNone(malformed, 'responses are malformed');
  assertNone(isKilled ? [] : lost, 'requests got no response');
  const isExpected = ({ what, status, retryAfter }: RecordedResponse) =>
    (status >= 200 && status < 300) ||
    (status === 503 && Number(retryAfter) >= 1) ||
    (status === 401 && what === 'verify');
  assertNone(
    responses
      .filter((response) => !isExpected(response))
      .map(({ what, status, text }) => `${what} ${status} ${text}`),
    'responses have an unexpected status',
  );
  assertNone(
    responses
      .filter(({ milliseconds }) => milliseconds > most)
      .map(({ what, status, milliseconds }) => `${what} ${status} after ${milliseconds.toFixed()} ms`),
    `responses took more than ${most} ms`,
  );
}

/** Returns the problems that `latchkey verify-audit` finds. */
async function trailProblems({ environment, store }: TestedServer): Promise<string[]> {
  const { output, errors } = await new CommandLine(environment, store.folder).run(['verify-audit', '--json']);
  try {
    const { problems } = JSON.parse(output) as { problems: { code: string; sequence: number }[] };
    return problems.map(({ code, sequence }) => `${code} at ${sequence}`);
  } catch {
    return [`no result: ${errors}`];
  }
}

function assertNoSecretsLogged({ output }: TestedServer, { secrets }: ClientRecord): void {
  const logged = [...secrets].filter(
    (secret) => !TOKEN.test(secret) && secret !== '' && output.includes(secret),
  );
  // One pattern for all tokens, because there are thousands.
  const token = TOKEN.exec(output)?.[0];
  assertNone([...logged, ...(token === undefined ? [] : [token])], 'secrets were logged');
}

const CONCURRENCY = 20;
/** Number of passwords to check, because each costs a hash. */
const CHECKED_PASSWORDS = 6;

/** @throws Violation if the server's state differs from the acknowledged changes. */
async function assertAcknowledgedState({ client }: TestedServer, record: ClientRecord): Promise<void> {
  const limit = pLimit(CONCURRENCY);
  const wrong = async <Item>(items: Iterable<Item>, check: (item: Item) => Promise<string | undefined>) =>
    (await Promise.all([...items].map((item) => limit(() => check(item))))).filter(
      (one) => one !== undefined,
    );
  const statusOf = async ([, headers]: [string, Headers]) => {
    const verify = () => client.verify(headers);
    // Repeated once, because the server may have just closed an idle connection.
    return (await verify().catch(verify)).status;
  };

  const lostTokens = await wrong(record.issued, async (token) => {
    const status = await statusOf(token);
    return status === 200 ? undefined : `${token[0]} (${status})`;
  });
  assertNone(lostTokens, 'acknowledged tokens are lost');
  const validTokens = await wrong(record.revoked, async (token) => {
    const status = await statusOf(token);
    return status === 401 ? undefined : `${token[0]} (${status})`;
  });
  assertNone(validTokens, 'revoked tokens are valid');

  const login = await client.login(ADMIN.name, ADMIN.password);
  assert(login.status === 200, `the administrator cannot log in: ${login.status}`);
  record.acknowledged.set(login.headers.get('x-request-id') ?? '', 'authn_login_success');
  const asAdmin = { Authorization: `Bearer ${login.body.token}` };

  const changed = await wrong(record.users.values(), async ({ name, displayName, version }) => {
    const { status, body } = await client.user(name, asAdmin);
    const isSame = status === 200 && body.version === version && (body.displayName ?? '') === displayName;
    return isSame ? undefined : `${name} (${status}, version ${body.version}, not ${version})`;
  });
  assertNone(changed, 'acknowledged changes of users are lost');
  const back = await wrong(record.gone, async (name) =>
    (await client.user(name, asAdmin)).status === 404 ? undefined : name,
  );
  assertNone(back, 'deleted users are back');
  const newest = [...record.users.values()].slice(-CHECKED_PASSWORDS);
  const locked = await wrong(newest, async ({ name, password }) => {
    const { status, headers } = await client.login(name, password);
    record.acknowledged.set(headers.get('x-request-id') ?? '', 'authn_login_success');
    return status === 200 ? undefined : `${name} (${status})`;
  });
  assertNone(locked, 'acknowledged passwords are lost');
}

interface Entry {
  sequence: number;
  traceId: string | null;
  action: string;
  outcome: string;
  subjectId: string | null;
  after: string | null;
}

const ENTRIES = `SELECT "sequence", "traceId", "action", "outcome", "subjectId", "after" FROM "audit_events" ORDER BY "sequence"`;

/**
 * @throws Violation unless each acknowledged change has one entry, and each row has the entry of its
 *   creation.
 */
async function assertCompleteTrail({ store }: TestedServer, { acknowledged }: ClientRecord): Promise<void> {
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
