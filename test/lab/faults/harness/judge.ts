import { CommandLine } from '../../../support/command-line.js';
import { assertCompleteTrail } from './audit-trail.js';
import { type RecordedResponse, type Ledger } from './ledger.js';
import { assertAcknowledgedState } from './acknowledged-state.js';
import { deadline } from './settings.js';
import { type Subject } from './subject.js';
import { assertNone } from './violation.js';

/** Limit for every response (B38). */
const RESPONSE_MILLISECONDS = deadline(5_000);

const TOKEN = /lk_[A-Za-z0-9_-]{30,}/;

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
export async function judge(subject: Subject, ledger: Ledger, allowance: Allowance = {}): Promise<void> {
  assertExpectedResponses(ledger, allowance);
  await assertAcknowledgedState(subject, ledger);
  await assertCompleteTrail(subject, ledger);
  assertNone(await subject.store.damages(), 'the data is damaged');
  assertNone(await trailProblems(subject), 'the verification of the audit trail failed');
  assertNoSecretsLogged(subject, ledger);
}

/** @throws Violation if a response was late, malformed, or neither a success nor 503 with `Retry-After`. */
export function assertExpectedResponses(
  ledger: Ledger,
  { isKilled = false, milliseconds: most = RESPONSE_MILLISECONDS }: Allowance = {},
): void {
  const { responses, complaints, malformed, lost } = ledger;
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
async function trailProblems({ environment, store }: Subject): Promise<string[]> {
  const { output, errors } = await new CommandLine(environment, store.folder).run(['verify-audit', '--json']);
  try {
    const { problems } = JSON.parse(output) as { problems: { code: string; sequence: number }[] };
    return problems.map(({ code, sequence }) => `${code} at ${sequence}`);
  } catch {
    return [`no result: ${errors}`];
  }
}

function assertNoSecretsLogged({ output }: Subject, { secrets }: Ledger): void {
  const logged = [...secrets].filter(
    (secret) => !TOKEN.test(secret) && secret !== '' && output.includes(secret),
  );
  // One pattern for all tokens, because there are thousands.
  const token = TOKEN.exec(output)?.[0];
  assertNone([...logged, ...(token === undefined ? [] : [token])], 'secrets were logged');
}
