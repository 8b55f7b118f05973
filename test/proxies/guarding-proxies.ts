import { codeOnPage } from '../docs/code-on-page.js';
import {
  CADDY_MISSING,
  NGINX_MISSING,
  type ExternalProgram,
  startCaddy,
  startNginx,
} from '../support/external-programs.js';

/** A change of a recipe before it is run. */
export type Change = (recipe: string) => string;

/** A proxy before an API that asks Latchkey, as its page in `docs/guides/gateways` shows it. */
export interface GuardingProxy {
  name: string;
  /** What has to be installed first; `null` = nothing. */
  needs: string | null;
  /** Runs the page's configuration, with its path for editors; two authorities such as `127.0.0.1:3000`. */
  start: (latchkey: string, api: string, change?: Change) => Promise<ExternalProgram>;
  /** The status when Latchkey's answer names nobody: nginx cannot refuse that, and names nobody to the API. */
  onNobody: 200 | 503;
  /** The change that the page tells for an API that has cookies of its own. */
  keepCookies: Change;
}

const unchanged: Change = (recipe) => recipe;

/** Replaces what has to be there. */
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

/** The code on a proxy's page: the whole, the path for editors, what keeps cookies. */
const recipeOf = (page: string, language: string) =>
  codeOnPage(`guides/gateways/${page}`, language) as [string, string, string];

const [NGINX, NGINX_EDITORS, NGINX_COOKIES] = recipeOf('nginx.md', 'nginx');
const [CADDY, CADDY_EDITORS, CADDY_COOKIES] = recipeOf('caddy.md', 'caddyfile');

/** The proxies whose recipes are run. */
export const PROXIES: GuardingProxy[] = [
  {
    name: 'nginx',
    needs: NGINX_MISSING,
    onNobody: 200,
    start: (latchkey, api, change = unchanged) => {
      const recipe = change(replaced(NGINX, /}\s*$/, `${NGINX_EDITORS}}`));
      return startNginx((port) => at(port, latchkey, api)(recipe));
    },
    keepCookies: (recipe) => NGINX_COOKIES + replaced(recipe, 'Cookie "";', 'Cookie $cookies_of_the_api;'),
  },
  {
    name: 'Caddy',
    needs: CADDY_MISSING,
    onNobody: 503,
    start: (latchkey, api, change = unchanged) => {
      const general = 'forward_auth 127.0.0.1:3000 {';
      const recipe = change(replaced(CADDY, general, `${CADDY_EDITORS}${general}`));
      return startCaddy((port) => at(port, latchkey, api)(recipe));
    },
    keepCookies: (recipe) => replaced(recipe, 'request_header -Cookie\n', CADDY_COOKIES),
  },
];
