import {
  type Guard,
  guardFiles,
  type GuardValues,
} from '../../apps/admin/src/app/apis/protect/gateway-files.js';
import { codeOnPage, textOfPage } from '../support/docs/code-on-page.js';
import {
  APACHE_MISSING,
  CADDY_MISSING,
  HAPROXY_MISSING,
  NGINX_MISSING,
  type ExternalProgram,
  startApache,
  startCaddy,
  startHaproxy,
  startNginx,
} from '../support/external-programs.js';

/** Changes a recipe before it runs. */
export type Change = (recipe: string) => string;

/** Values of a configuration, except the addresses. */
export type GuardedPath = Pick<GuardValues, 'api' | 'path' | 'read' | 'write'>;

/** Proxy in front of an API, with the configuration of its page in `docs/guides/gateways`. */
export interface GuardingProxy {
  name: string;
  /** Program that has to be installed; `null` = none. */
  needs: string | null;
  /**
   * Runs the page's configuration. `latchkey` and `api` are authorities such as `127.0.0.1:3000`.
   *
   * @param change changes the configuration.
   * @param values path and permissions, if not those of the page.
   */
  start: (latchkey: string, api: string, change?: Change, values?: GuardedPath) => Promise<ExternalProgram>;
  /**
   * Status when Latchkey's response has no user name: nginx cannot reject that, and passes no name to the
   * API.
   */
  statusWithoutUser: 200 | 503;
  /** Applies a change to the part that protects the path, for example into parts for several paths. */
  protect: (change: Change) => Change;
  /** Change that the page describes for an API with its own cookies. */
  keepCookies: Change;
}

/** Replaces a text that must exist. */
export function replaced(text: string, part: string | RegExp, by: string | Change): string {
  const result = text.replace(part, typeof by === 'string' ? () => by : by);
  if (result === text) {
    throw new Error(`The recipe has no ${String(part)}`);
  }
  return result;
}

/** Removes what only root can do. */
const asCaller: Change = (recipe) =>
  process.getuid?.() === 0 ? recipe : replaced(recipe, /^ {2}(user|group|chroot) .*\n/gm, '');

/** Returns a change that protects another path like `/drafts`, with a query of its own for all methods. */
export const protecting =
  (path: string, query: string): Change =>
  (part) =>
    replaced(part.replaceAll('drafts', path), /permission=(?:\w+:\w+|\$\w+|\{\w+\})/g, query);

const DRAFTS: GuardedPath = { api: 'drafts', path: '/drafts', read: 'drafts:read', write: 'drafts:write' };

/**
 * Returns a proxy.
 *
 * @param run starts the program with the texts of the page's files, of which the last is changed.
 * @param part finds the part that protects the path.
 */
function proxyOf(
  guard: Guard,
  needs: string | null,
  run: (textsFor: (port: number) => [string, string]) => Promise<ExternalProgram>,
  part: RegExp,
  keepCookies: Change,
): GuardingProxy {
  return {
    name: guard,
    needs,
    start: (latchkey, upstream, change = (recipe) => recipe, values = DRAFTS) =>
      run((port) => {
        const listen = `127.0.0.1:${port}`;
        const files = guardFiles(guard, textOfPage(`guides/gateways/${guard}.md`), {
          ...values,
          listen,
          upstream,
          latchkey,
        });
        const [first = '', last = first] = files.map(({ text }) => text);
        return [change(last), first];
      }),
    statusWithoutUser: guard === 'nginx' ? 200 : 503,
    protect: (change) => (recipe) => replaced(recipe, part, change),
    keepCookies,
  };
}

const cookieChange = (guard: Guard, language: string) =>
  codeOnPage(`guides/gateways/${guard}.md`, language).at(-1) ?? '';

/** Proxies whose recipes are tested. */
export const PROXIES: GuardingProxy[] = [
  proxyOf(
    'nginx',
    NGINX_MISSING,
    (textsFor) => startNginx((port) => textsFor(port)[0]),
    /^ {2}location ~\* .*?^ {2}\}\n.*?^ {2}\}\n/ms,
    (recipe) =>
      cookieChange('nginx', 'nginx') + replaced(recipe, 'Cookie "";', 'Cookie $cookies_of_the_api;'),
  ),
  proxyOf(
    'caddy',
    CADDY_MISSING,
    (textsFor) => startCaddy((port) => textsFor(port)[0]),
    /^\t\tmap .*?(?=^\t\t@unverified)/ms,
    (recipe) => replaced(recipe, 'request_header -Cookie\n', cookieChange('caddy', 'caddyfile')),
  ),
  proxyOf(
    'haproxy',
    HAPROXY_MISSING,
    (textsFor) =>
      startHaproxy((folder, port) => {
        const [main, script] = textsFor(port);
        return { 'haproxy.cfg': asCaller(replaced(main, '/etc/haproxy', folder)), 'latchkey.lua': script };
      }),
    /^ {2}acl .*!reads\n/ms,
    (recipe) => replaced(recipe, '  http-request del-header Cookie\n', cookieChange('haproxy', 'haproxy')),
  ),
  proxyOf(
    'apache',
    APACHE_MISSING,
    (textsFor) =>
      startApache((folder, port) => {
        const [site, script] = textsFor(port);
        return { 'site.conf': replaced(site, '/etc/apache2', folder), 'latchkey.lua': script };
      }),
    /^ {2}<LocationMatch .*<\/LocationMatch>\n/ms,
    (recipe) => replaced(recipe, '  RequestHeader unset Cookie\n', cookieChange('apache', 'apache')),
  ),
];
