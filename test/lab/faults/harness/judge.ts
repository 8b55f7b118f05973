import { CommandLine } from '../../../support/command-line.js';
import { assertCompleteTrail } from './audit-trail.js';
import { type RecordedResponse, type ClientRecord } from './client-record.js';
import { assertAcknowledgedState } from './acknowledged-state.js';
import { deadline } from './settings.js';
import { type TestedServer } from './tested-server.js';
import { assertNone } from './violation.js';

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
 * Checks a server after a fault: acknowledged changes are kept, revoked tokens stay revoked, each change has one audit entry, the
 * trail and the data are intact, no secret was logged, and all responses were expected and in time.
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
