import { INSIDE } from './inside-told.js';

/** An answer as far as it has to be like every other. */
export interface AnyAnswer {
  /** The address that was asked. */
  path: string;
  status: number;
  /** A header field of the answer, if it has it. */
  field: (name: string) => string | null | undefined;
  text: string;
}

const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
/** Pages and their files have policies of their own. */
const PAGES = /^\/(admin|docs)([/?]|$)/;
const UNSAFE_SCRIPTS = /(script|default)-src[^;]*unsafe/;
/** Text without a charset is read in the one that the reader thinks of. */
const TEXT = /^(text\/|application\/(.*\+)?(json|xml|yaml|x-ndjson)\b)/;

/** An answer that no request may get. */
export class WrongAnswer extends Error {}

/**
 * Throws when an answer lacks what every answer has (B49), tells of the inside (B56), or asks for a pause without saying
 * how long (B25). Whatever a test is about, it cannot pass by such an answer.
 */
export function checkAnswer(answer: AnyAnswer): void {
  const complaints = [...headerComplaints(answer), ...bodyComplaints(answer)];
  if (complaints.length > 0) {
    const { path, status, text } = answer;
    throw new WrongAnswer(
      `The answer ${status} to ${path} ${complaints.join(', and ')}: ${text.slice(0, 500)}`,
    );
  }
}

function headerComplaints({ path, status, field }: AnyAnswer): string[] {
  const isPage = PAGES.test(path) && (status === 200 || status === 304);
  const policy = field('content-security-policy') ?? '';
  const type = field('content-type') ?? '';
  const allowedOrigin = field('access-control-allow-origin');
  const isPagePolicy = policy.startsWith("default-src 'self'") && !UNSAFE_SCRIPTS.test(policy);
  const isSoundPolicy = policy === API_POLICY || (PAGES.test(path) && isPagePolicy);
  const failed: [boolean, string][] = [
    [field('x-content-type-options') !== 'nosniff', 'lacks nosniff'],
    [field('referrer-policy') !== 'no-referrer', 'lacks its Referrer-Policy'],
    [!isSoundPolicy, `has the policy "${policy}"`],
    [!isPage && field('cache-control') !== 'no-store', 'may be stored'],
    [!field('vary')?.startsWith('Accept, Origin'), 'varies with nothing'],
    [!field('x-request-id'), 'has no id'],
    [TEXT.test(type) && !/charset=utf-8/i.test(type), `has no charset in "${type}"`],
    [allowedOrigin === '*' || field('access-control-allow-credentials') != null, 'is open to any origin'],
    [field('server') != null || field('x-powered-by') != null, 'names what made it'],
    [
      (status === 429 || status === 503) && !/^[1-9]\d*$/.test(field('retry-after') ?? ''),
      'lacks Retry-After',
    ],
  ];
  return failed.filter(([isSo]) => isSo).map(([, complaint]) => complaint);
}

function bodyComplaints({ status, text }: AnyAnswer): string[] {
  const inside = status >= 400 ? INSIDE.exec(text) : null;
  return inside ? [`tells of the inside by "${inside[0]}"`] : [];
}
