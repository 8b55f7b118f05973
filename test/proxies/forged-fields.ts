import { type RawAnswer } from '../support/raw-http.js';

/** What every forged field says: no name that anybody has, and no address that anybody calls from. */
export const FORGED = '203.0.113.66';

/** Fields by which an API may be told who calls, from where, and for what. */
const NAMES = [
  ...['X-Auth-User', 'X-Auth-User-Id', 'X-Auth-Roles', 'X-Auth-Token-Id'],
  ...['Remote-User', 'Remote-Name', 'Remote-Email', 'Remote-Groups', 'X-Remote-User', 'X-WebAuth-User'],
  ...['User', 'Email', 'Groups', 'Preferred-Username'].map((name) => `X-Forwarded-${name}`),
  ...['For', 'Proto', 'Host', 'Port', 'Prefix', 'Server', 'Uri'].map((name) => `X-Forwarded-${name}`),
  ...['Forwarded', 'X-Real-IP', 'X-Original-URL', 'X-Rewrite-URL'],
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

/** The lines that are sent with 200 requests, each field in each form. */
export const FORGED_FIELDS = NAMES.flatMap((name) => FORMS.map((form) => form(name)));

const SENT_TOGETHER = 8;

/** Sends each of them, a few at a time: all together might wait longer than the proxies do. */
export async function sendForgeries(
  send: (lines: string[], index: number) => Promise<RawAnswer>,
): Promise<RawAnswer[]> {
  const answers: RawAnswer[] = [];
  while (answers.length < FORGED_FIELDS.length) {
    const start = answers.length;
    const next = FORGED_FIELDS.slice(start, start + SENT_TOGETHER);
    answers.push(...(await Promise.all(next.map((lines, index) => send(lines, start + index)))));
  }
  return answers;
}
