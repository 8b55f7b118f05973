import { type RawResponse } from '../support/raw-http.js';

/** What every forged field says: no name that anybody has, and no address that anybody calls from. */
export const FORGED = '203.0.113.66';

/** Names with one beginning. */
const after = (prefix: string, ...names: string[]) => names.map((name) => `${prefix}${name}`);

/**
 * Fields by which an API may be told who calls, from where, and for what: by what gateways document of themselves, and not by
 * what the recipes take away.
 */
const NAMES = [
  ...after('X-Auth-', 'User', 'User-Id', 'Roles', 'Token-Id'),
  ...after('X-Auth-Request-', 'User', 'Email', 'Groups', 'Preferred-Username', 'Access-Token', 'Redirect'),
  ...after('X-Authentik-', 'Username', 'Groups', 'Entitlements', 'Email', 'Name', 'Uid', 'Jwt'),
  ...after('Remote-', 'User', 'Name', 'Email', 'Groups'),
  ...['X-Remote-User', 'X-WebAuth-User'],
  ...after('X-Forwarded-', 'User', 'Email', 'Groups', 'Preferred-Username', 'Access-Token', 'Client-Cert'),
  ...after('X-Forwarded-', 'For', 'Proto', 'Host', 'Port', 'Prefix', 'Server', 'Uri', 'Ssl', 'Scheme'),
  ...['Forwarded', 'X-Real-IP', 'X-Client-IP', 'True-Client-IP', 'CF-Connecting-IP'],
  ...['X-Original-URL', 'X-Rewrite-URL'],
  // No gateway's: CGI makes HTTP_PROXY of it, by which programs call others.
  'Proxy',
];

const field = (name: string) => `${name}: ${FORGED}`;

/** The ways in which each is sent: lines of a request. */
const FORMS: ((name: string) => string[])[] = [
  (name) => [field(name)],
  (name) => [field(name.toLowerCase())],
  (name) => [field(name.toUpperCase()), `${name}:\t${FORGED}, ${FORGED}`],
  (name) => [field(name.replaceAll('-', '_')), field(name)],
  (name) => [field(name.replace('-', '_')), field(name.replace(/-(?=[^-]*$)/, '_'))],
  (name) => [field(name.replaceAll('-', '.')), field(name)],
  // What `Connection` names, a proxy may drop: its own field as well.
  (name) => [field(name), `Connection: ${name}`],
  (name) => [name, ...NAMES].map(field),
];

/** The lines that are sent with a request each: every field in every form. */
export const FORGED_FIELDS = NAMES.flatMap((name) => FORMS.map((form) => form(name)));

const SENT_TOGETHER = 8;

/** Sends each of them, a few at a time: all together might wait longer than the proxies do. */
export async function sendForgeries(
  send: (lines: string[], index: number) => Promise<RawResponse>,
): Promise<RawResponse[]> {
  const answers: RawResponse[] = [];
  while (answers.length < FORGED_FIELDS.length) {
    const start = answers.length;
    const next = FORGED_FIELDS.slice(start, start + SENT_TOGETHER);
    answers.push(...(await Promise.all(next.map((lines, index) => send(lines, start + index)))));
  }
  return answers;
}
