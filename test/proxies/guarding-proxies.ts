import { codeOnPage } from '../docs/code-on-page.js';
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

/** Proxy in front of an API, with the configuration of its page in `docs/guides/gateways`. */
export interface GuardingProxy {
  name: string;
  /** Program that has to be installed; `null` = none. */
  needs: string | null;
  /**
   * Runs the page's configuration, with the path for editors. The authorities are like `127.0.0.1:3000`.
   *
   * @param change changes the whole configuration.
   * @param protect changes the part that protects the path, for example into parts for several paths.
   */
  start: (latchkey: string, api: string, change?: Change, protect?: Change) => Promise<ExternalProgram>;
  /** Status when Latchkey's response has no user name: nginx cannot reject that, and passes no name to the API. */
  statusWithoutUser: 200 | 503;
  /** Change that the page describes for an API with its own cookies. */
  keepCookies: Change;
}

const unchanged: Change = (recipe) => recipe;

/** Replaces a text that must exist. */
export function replaced(text: string, part: string | RegExp, by: string): string {
  const result = text.replace(part, () => by);
  if (result === text) {
    throw new Error(`The recipe has no ${String(part)}`);
  }
  return result;
}

const at = (port: number, latchkey: string, api: string) => (recipe: string) =>
  replaced(recipe, /127\.0\.0\.1:8080/g, `127.0.0.1:${port}`)
    .replaceAll('127.0.0.1:3000', latchkey)
    .replaceAll('127.0.0.1:8000', api);

/** Returns the code on a proxy's page: the configuration, the paths for editors, and the change for cookies. */
const recipeOf = (page: string, language: string) =>
  codeOnPage(`guides/gateways/${page}`, language) as [string, string, string];

const [NGINX, NGINX_METHODS, NGINX_EDITORS, NGINX_COOKIES] = codeOnPage(
  'guides/gateways/nginx.md',
  'nginx',
) as [string, string, string, string];
const [CADDY, CADDY_EDITORS, CADDY_COOKIES] = recipeOf('caddy.md', 'caddyfile');
const [HAPROXY, HAPROXY_EDITORS, HAPROXY_COOKIES] = recipeOf('haproxy.md', 'haproxy');
const [APACHE, APACHE_EDITORS, APACHE_COOKIES] = recipeOf('apache.md', 'apache');
const [HAPROXY_SCRIPT] = recipeOf('haproxy.md', 'lua');
const [APACHE_SCRIPT] = recipeOf('apache.md', 'lua');

/** Removes what only root can do. */
export const asCaller: Change = (recipe) =>
  process.getuid?.() === 0 ? recipe : replaced(recipe, /^ {2}(user|group|chroot) .*\n/gm, '');

/** Returns a change that protects another path like `/drafts`, with a query of its own for all methods. */
export const protecting =
  (path: string, query: string): Change =>
  (part) =>
    replaced(part.replaceAll('drafts', path), /permission=(?:\w+:\w+|\$\w+|\{\w+\})/g, query);

/** Proxies whose recipes are tested. */
export const PROXIES: GuardingProxy[] = [
  {
    name: 'nginx',
    needs: NGINX_MISSING,
    statusWithoutUser: 200,
    start: (latchkey, api, change = unchanged, protect = unchanged) => {
      const recipe = change(NGINX_METHODS + replaced(NGINX, /}\s*$/, `${protect(NGINX_EDITORS)}}`));
      return startNginx((port) => at(port, latchkey, api)(recipe));
    },
    keepCookies: (recipe) => NGINX_COOKIES + replaced(recipe, 'Cookie "";', 'Cookie $cookies_of_the_api;'),
  },
  {
    name: 'Caddy',
    needs: CADDY_MISSING,
    statusWithoutUser: 503,
    start: (latchkey, api, change = unchanged, protect = unchanged) => {
      const general = '@unverified ';
      const recipe = change(replaced(CADDY, general, `${protect(CADDY_EDITORS)}${general}`));
      return startCaddy((port) => at(port, latchkey, api)(recipe));
    },
    keepCookies: (recipe) => replaced(recipe, 'request_header -Cookie\n', CADDY_COOKIES),
  },
  {
    name: 'HAProxy',
    needs: HAPROXY_MISSING,
    statusWithoutUser: 503,
    start: (latchkey, api, change = unchanged, protect = unchanged) => {
      const check = '  http-request lua.latchkey-verify';
      const recipe = change(replaced(HAPROXY, check, protect(HAPROXY_EDITORS) + check));
      return startHaproxy((folder, port) => ({
        'haproxy.cfg': asCaller(replaced(at(port, latchkey, api)(recipe), '/etc/haproxy', folder)),
        'latchkey.lua': replaced(HAPROXY_SCRIPT, '127.0.0.1:3000', latchkey),
      }));
    },
    keepCookies: (recipe) => replaced(recipe, '  http-request del-header Cookie\n', HAPROXY_COOKIES),
  },
  {
    name: 'Apache',
    needs: APACHE_MISSING,
    statusWithoutUser: 503,
    start: (latchkey, api, change = unchanged, protect = unchanged) => {
      const recipe = change(replaced(APACHE, '</VirtualHost>', `${protect(APACHE_EDITORS)}</VirtualHost>`));
      return startApache((folder, port) => ({
        'site.conf': replaced(at(port, latchkey, api)(recipe), '/etc/apache2', folder),
        'latchkey.lua': replaced(APACHE_SCRIPT, '127.0.0.1:3000', latchkey),
      }));
    },
    keepCookies: (recipe) => replaced(recipe, '  RequestHeader unset Cookie\n', APACHE_COOKIES),
  },
];
