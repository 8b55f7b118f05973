import { type RawResponse } from '../support/raw-http.js';
import { fewAtATime } from './send-to.js';

/** Value of every forged field: not the name or address of any client. */
export const FORGED = '203.0.113.66';

/** Returns names with the same prefix. */
const after = (prefix: string, ...names: string[]) => names.map((name) => `${prefix}${name}`);

/**
 * Fields with the client's identity, address or request, according to the documentation of gateways, that the
 * recipes do not remove.
 */
const NAMES = [
  ...after('X-Auth-', 'User', 'User-Id', 'Roles', 'Permissions', 'Methods', 'Metadata', 'Token-Id'),
  ...after('X-Auth-', 'Error', 'Missing-Permissions', 'Missing-Roles'),
  ...after('X-Auth-Request-', 'User', 'Email', 'Groups', 'Preferred-Username', 'Access-Token', 'Redirect'),
  ...after('X-Authentik-', 'Username', 'Groups', 'Entitlements', 'Email', 'Name', 'Uid', 'Jwt'),
  ...after('Remote-', 'User', 'Name', 'Email', 'Groups'),
  ...['X-Remote-User', 'X-WebAuth-User'],
  ...after('X-Forwarded-', 'User', 'Email', 'Groups', 'Preferred-Username', 'Access-Token', 'Client-Cert'),
  ...after('X-Forwarded-', 'For', 'Proto', 'Host', 'Port', 'Prefix', 'Server', 'Uri', 'Ssl', 'Scheme'),
  ...['Forwarded', 'X-Real-IP', 'X-Client-IP', 'True-Client-IP', 'CF-Connecting-IP'],
  ...['X-Original-URL', 'X-Rewrite-URL'],
  // Not from gateways: CGI turns it into HTTP_PROXY, which programs use for their own requests.
  'Proxy',
];

const field = (name: string) => `${name}: ${FORGED}`;

/** Spellings of each field: lines of a request. */
const FORMS: ((name: string) => string[])[] = [
  (name) => [field(name)],
  (name) => [field(name.toLowerCase())],
  (name) => [field(name.toUpperCase()), `${name}:\t${FORGED}, ${FORGED}`],
  (name) => [field(name.replaceAll('-', '_')), field(name)],
  (name) => [field(name.replace('-', '_')), field(name.replace(/-(?=[^-]*$)/, '_'))],
  (name) => [field(name.replaceAll('-', '.')), field(name)],
  // A proxy may drop fields that `Connection` names, including its own.
  (name) => [field(name), `Connection: ${name}`],
  (name) => [name, ...NAMES].map(field),
];

/** Lines that are sent in one request each: every field in every spelling. */
export const FORGED_FIELDS = NAMES.flatMap((name) => FORMS.map((form) => form(name)));

/** Sends each forged request and returns the responses. */
export const sendForgeries = (send: (lines: string[], index: number) => Promise<RawResponse>) =>
  fewAtATime(FORGED_FIELDS, send);
