/** Parts of a response that must be the same for every request. */
export interface CheckedResponse {
  /** Requested path. */
  path: string;
  status: number;
  /** Returns the value of a header field of the response. */
  field: (name: string) => string | null | undefined;
  text: string;
}

const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
/** Pages and their files, which have their own policies. */
const PAGES = /^\/(admin|docs)([/?]|$)/;
/** Responses that clients may store: pages, explanations of error codes, and the public policy. */
const STORABLE = /^\/((admin|docs|problems)([/?]|$)|\.well-known\/latchkey$)/;
/** Policy of pages that explain error codes: only their own style. */
const PROBLEM_POLICY =
  /^default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/;
const UNSAFE_SCRIPTS = /(script|default)-src[^;]*unsafe/;
/** Text types. Without a charset, clients guess it. */
const TEXT = /^(text\/|application\/(.*\+)?(json|xml|yaml|x-ndjson)\b)/;

/** Folder that the server under test was started from, as a pattern. */
const HERE = process.cwd().replace(/\W/g, '\\$&');

/**
 * Internal details that no response may contain: stack frames, file paths, modules, SQL, messages of the
 * system or a driver.
 */
export const INTERNAL_DETAILS = new RegExp(
  [
    ...[String.raw`\n\s+at `, 'node_modules', String.raw`[\w/]+\.[jt]s:\d`, 'node:internal', 'typeorm'],
    ...[`${HERE}/`, '/(dist|apps|libs|tmp|home)/'],
    ...['SQLITE', 'SELECT ', 'INSERT INTO', 'UPDATE "', 'DELETE FROM'],
    ...['database disk image', 'disk is full', 'ECONNREFUSED', 'ECONNRESET', 'ENOSPC'],
  ].join('|'),
  'i',
);

/** Error about a response that no request may get. */
export class UnacceptableResponse extends Error {}

/**
 * Throws if a response lacks the header fields of every response (B49), contains internal details (B56), or
 * has status 429 or 503 without `Retry-After` (B25). The test clients check each response, so no test passes
 * with such a response.
 */
export function checkResponse(response: CheckedResponse): void {
  const complaints = [...headerComplaints(response), ...bodyComplaints(response)];
  if (complaints.length > 0) {
    const { path, status, text } = response;
    throw new UnacceptableResponse(
      `The ${status} response to ${path} ${complaints.join(', and ')}: ${text.slice(0, 500)}`,
    );
  }
}

function headerComplaints({ path, status, field }: CheckedResponse): string[] {
  const isStorable = STORABLE.test(path) && (status === 200 || status === 304);
  const policy = field('content-security-policy') ?? '';
  const type = field('content-type') ?? '';
  const allowedOrigin = field('access-control-allow-origin');
  const isPagePolicy = policy.startsWith("default-src 'self'") && !UNSAFE_SCRIPTS.test(policy);
  const isSafePolicy =
    policy === API_POLICY ||
    (PAGES.test(path) && isPagePolicy) ||
    (path.startsWith('/problems') && PROBLEM_POLICY.test(policy));
  const checks: [isWrong: boolean, complaint: string][] = [
    [field('x-content-type-options') !== 'nosniff', 'lacks nosniff'],
    [field('referrer-policy') !== 'no-referrer', 'lacks Referrer-Policy'],
    [!isSafePolicy, `has the policy "${policy}"`],
    [!isStorable && field('cache-control') !== 'no-store', 'can be stored'],
    [!field('vary')?.startsWith('Accept, Origin'), 'lacks Vary'],
    [!field('x-request-id'), 'lacks X-Request-Id'],
    [TEXT.test(type) && !/charset=utf-8/i.test(type), `has no charset in "${type}"`],
    [allowedOrigin === '*' || field('access-control-allow-credentials') != null, 'allows any origin'],
    [field('server') != null || field('x-powered-by') != null, 'names the server software'],
    [
      (status === 429 || status === 503) && !/^[1-9]\d*$/.test(field('retry-after') ?? ''),
      'lacks Retry-After',
    ],
  ];
  return checks.filter(([isWrong]) => isWrong).map(([, complaint]) => complaint);
}

function bodyComplaints({ status, text }: CheckedResponse): string[] {
  const detail = status >= 400 ? INTERNAL_DETAILS.exec(text) : null;
  return detail ? [`reveals the internal detail "${detail[0]}"`] : [];
}
