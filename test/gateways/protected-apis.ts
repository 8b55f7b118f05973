import { codeOnPage } from '../support/docs/code-on-page.js';
import { RECIPES } from './recipes.js';
import { NGINX_MISSING, type ExternalProgram, startNginx } from '../support/external-programs.js';
import { PROXIES } from './guarding-proxies.js';
import { type GuardedApi } from './use-guarded-api.js';

/**
 * A documented way to protect an API without the guards. It requires a token for all paths, and `drafts:read`
 * for one.
 */
export interface ProtectedApi {
  name: string;
  /** Program that has to be installed; `null` = none. */
  needs: string | null;
  start: (guarded: GuardedApi) => Promise<ExternalProgram>;
  /** A path that requires the permission, and another path. */
  paths: [string, string];
}

/** All documented configurations and recipes that can be run. */
export const PROTECTED_APIS: ProtectedApi[] = [
  ...PROXIES.map<ProtectedApi>(({ name, needs, start }) => ({
    name: `the ${name} guide`,
    needs,
    start: (guarded) => start(guarded.tap.authority, guarded.api.authority),
    paths: ['/drafts', '/hello'],
  })),
  {
    name: 'the guide for a first app',
    needs: NGINX_MISSING,
    start: (guarded) =>
      startNginx((port) =>
        codeOnPage('guides/protect-an-app.md', 'nginx')
          .join('\n')
          .replaceAll('orders:', 'drafts:')
          .replace('127.0.0.1:8080', `127.0.0.1:${port}`)
          .replace('127.0.0.1:8000', guarded.api.authority)
          .replace('127.0.0.1:3000', guarded.tap.authority),
      ),
    paths: ['/orders', '/'],
  },
  ...RECIPES.map<ProtectedApi>(({ name, needs, start }) => ({
    name: `the recipe for ${name}`,
    needs,
    start: (guarded) => start(`http://${guarded.tap.authority}`),
    paths: ['/drafts', '/hello'],
  })),
];
