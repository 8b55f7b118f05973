import { type Answer } from '../../../support/api-client.js';
import { UnacceptableResponse } from '../../../support/check-response.js';
import { type Ledger } from './ledger.js';

const NO_ANSWER_MILLISECONDS = 15_000;

/** Sends a request, and writes down how it was answered. The status is 0 if no whole answer came. */
export async function asked<Body>(
  ledger: Ledger,
  what: string,
  send: () => Promise<Answer<Body>>,
): Promise<Answer<Body>> {
  const start = performance.now();
  let answer: Answer<Body>;
  try {
    answer = await inTime(send());
  } catch (error) {
    const told = `${what}: ${String((error as Error).cause ?? error)}`;
    (error instanceof UnacceptableResponse ? ledger.malformed : ledger.lost).push(told);
    return { status: 0, headers: new globalThis.Headers(), body: {} as Body, text: '' };
  }
  const { status, text, headers } = answer;
  const time = performance.now();
  ledger.answers.push({
    what,
    status,
    retryAfter: headers.get('retry-after'),
    text: status < 400 ? '' : text,
    time,
    milliseconds: time - start,
  });
  return answer;
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer at all')), NO_ANSWER_MILLISECONDS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
