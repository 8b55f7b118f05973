import { CommandLine } from '../../../support/command-line.js';
import { insistOnUnbrokenTrail } from './audit-oracle.js';
import { type JudgedAnswer, type Ledger } from './ledger.js';
import { insistOnKeptPromises } from './kept-promises.js';
import { promised } from './settings.js';
import { type Subject } from './subject.js';
import { insistOnNone } from './violation.js';

/** What every answer may take (B38). */
const ANSWER_MILLISECONDS = promised(5_000);

const TOKEN = /lk_[A-Za-z0-9_-]{30,}/;

/** What is allowed beside what always is. */
export interface Allowance {
  /** The server was killed, so that requests in flight have no answer. */
  isKilled?: boolean;
  /** How long an answer may take. */
  milliseconds?: number;
}

/**
 * What holds after every fault, of a server that is ready again: nothing acknowledged is lost, nothing ended lives, each change
 * has its one entry in a trail that verifies, the data are whole, no secret was logged, and every answer was honest and in time.
 *
 * @throws Violation
 */
export async function judge(subject: Subject, ledger: Ledger, allowance: Allowance = {}): Promise<void> {
  insistOnHonestAnswers(ledger, allowance);
  await insistOnKeptPromises(subject, ledger);
  await insistOnUnbrokenTrail(subject, ledger);
  insistOnNone(await subject.store.damages(), 'the data are damaged');
  insistOnNone(await trailProblems(subject), 'the audit trail does not verify');
  insistOnSilence(subject, ledger);
}

/** @throws Violation if an answer was late, told of the inside, or said anything but `done` or `come back later`. */
export function insistOnHonestAnswers(
  ledger: Ledger,
  { isKilled = false, milliseconds: most = ANSWER_MILLISECONDS }: Allowance = {},
): void {
  const { answers, complaints, malformed, lost } = ledger;
  insistOnNone(complaints, 'clients saw what may not be');
  insistOnNone(malformed, 'answers are not as every answer is');
  insistOnNone(isKilled ? [] : lost, 'requests got no answer');
  const isHonest = ({ what, status, retryAfter }: JudgedAnswer) =>
    (status >= 200 && status < 300) ||
    (status === 503 && Number(retryAfter) >= 1) ||
    (status === 401 && what === 'verify');
  insistOnNone(
    answers
      .filter((answer) => !isHonest(answer))
      .map(({ what, status, text }) => `${what} ${status} ${text}`),
    'answers say neither done nor when to come back',
  );
  insistOnNone(
    answers
      .filter(({ milliseconds }) => milliseconds > most)
      .map(({ what, status, milliseconds }) => `${what} ${status} after ${milliseconds.toFixed()} ms`),
    `answers took more than ${most} ms`,
  );
}

/** What the command that verifies the trail finds, through the running server or beside it. */
async function trailProblems({ environment, store }: Subject): Promise<string[]> {
  const { output, errors } = await new CommandLine(environment, store.folder).run(['verify-audit', '--json']);
  try {
    const { problems } = JSON.parse(output) as { problems: { code: string; sequence: number }[] };
    return problems.map(({ code, sequence }) => `${code} at ${sequence}`);
  } catch {
    return [`no verdict: ${errors}`];
  }
}

function insistOnSilence({ output }: Subject, { secrets }: Ledger): void {
  const told = [...secrets].filter(
    (secret) => !TOKEN.test(secret) && secret !== '' && output.includes(secret),
  );
  // Of tokens there are thousands.
  const token = TOKEN.exec(output)?.[0];
  insistOnNone([...told, ...(token === undefined ? [] : [token])], 'secrets were logged');
}
