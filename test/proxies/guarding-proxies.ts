import { codeOnPage } from '../docs/code-on-page.js';
import {
  CADDY_MISSING,
  NGINX_MISSING,
  type ExternalProgram,
  startCaddy,
  startNginx,
} from '../support/external-programs.js';

/** Changes a recipe before it runs. */
export type Change = (recipe: string) => string;

/** Proxy in front of an API, with the configuration of its page in `docs/guides/gateways`. */
export interface GuardingProxy {
  name: string;
  /** Program that has to be installed; `null` = none. */
  needs: string | null;
  /** Runs the page's configuration, with the path for editors. The authorities are like `127.0.0.1:3000`. */
  start: (latchkey: string, api: string, change?: Change) => Promise<ExternalProgram>;
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
  replaced(recipe, '127.0.0.1:8080', `127.0.0.1:${port}`)
    .replaceAll('127.0.0.1:3000', latchkey)
    .replaceAll('127.0.0.1:8000', api);

/** Returns the code on a proxy's page: the configuration, the path for editors, and the change for cookies. */
const recipeOf = (page: string, language: string) =>
  codeOnPage(`guides/gateways/${page}`, language) as [string, string, string];

const [NGINX, NGINX_EDITORS, NGINX_COOKIES] = recipeOf('nginx.md', 'nginx');
const [CADDY, CADDY_EDITORS, CADDY_COOKIES] = recipeOf('caddy.md', 'caddyfile');

/** Proxies whose recipes are tested. */
export const PROXIES: GuardingProxy[] = [
  {
    name: 'nginx',
    needs: NGINX_MISSING,
    statusWithoutUser: 200,
    start: (latchkey, api, change = unchanged) => {
      const recipe = change(replaced(NGINX, /}\s*$/, `${NGINX_EDITORS}}`));
      return startNginx((port) => at(port, latchkey, api)(recipe));
    },
    keepCookies: (recipe) => NGINX_COOKIES + replaced(recipe, 'Cookie "";', 'Cookie $cookies_of_the_api;'),
  },
  {
    name: 'Caddy',
    needs: CADDY_MISSING,
    statusWithoutUser: 503,
    start: (latchkey, api, change = unchanged) => {
      const general = 'forward_auth 127.0.0.1:3000 {';
      const recipe = change(replaced(CADDY, general, `${CADDY_EDITORS}${general}`));
      return startCaddy((port) => at(port, latchkey, api)(recipe));
    },
    keepCookies: (recipe) => replaced(recipe, 'request_header -Cookie\n', CADDY_COOKIES),
  },
];
