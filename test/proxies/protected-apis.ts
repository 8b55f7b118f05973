import { guardFiles, type Guard } from '../../apps/admin/src/app/apis/protect/gateway-files.js';
import { codeOnPage, textOfPage } from '../docs/code-on-page.js';
import { RECIPES } from '../docs/recipes.js';
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
import { asCaller, PROXIES, replaced } from './guarding-proxies.js';
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

/**
 * Returns the texts of the files that the wizard of the console creates, for other paths and permissions than
 * the guides.
 */
export function wizardFiles(
  guard: Guard,
  { api, tap }: GuardedApi,
  port: number,
  values: { api: string; path: string; read: string; write: string },
): [string, string] {
  const files = guardFiles(guard, textOfPage(`guides/gateways/${guard}.md`), {
    ...values,
    listen: `127.0.0.1:${port}`,
    upstream: api.authority,
    latchkey: tap.authority,
  });
  return files.map(({ text }) => text) as [string, string];
}

/** Gateways with a wizard, and how to start one with its files. */
export const WIZARD_GATEWAYS: {
  guard: Guard;
  needs: string | null;
  start: (texts: (port: number) => [string, string]) => Promise<ExternalProgram>;
}[] = [
  { guard: 'nginx', needs: NGINX_MISSING, start: (texts) => startNginx((port) => texts(port)[0]) },
  { guard: 'caddy', needs: CADDY_MISSING, start: (texts) => startCaddy((port) => texts(port)[0]) },
  {
    guard: 'haproxy',
    needs: HAPROXY_MISSING,
    start: (texts) =>
      startHaproxy((folder, port) => {
        const [script, main] = texts(port);
        return { 'haproxy.cfg': asCaller(replaced(main, '/etc/haproxy', folder)), 'latchkey.lua': script };
      }),
  },
  {
    guard: 'apache',
    needs: APACHE_MISSING,
    start: (texts) =>
      startApache((folder, port) => {
        const [script, site] = texts(port);
        return { 'site.conf': replaced(site, '/etc/apache2', folder), 'latchkey.lua': script };
      }),
  },
];

/** All documented configurations and recipes that can be run. */
export const PROTECTED_APIS: ProtectedApi[] = [
  ...PROXIES.map<ProtectedApi>(({ name, needs, start }) => ({
    name: `the ${name} guide`,
    needs,
    start: (guarded) => start(guarded.tap.authority, guarded.api.authority),
    paths: ['/drafts', '/hello'],
  })),
  ...WIZARD_GATEWAYS.map<ProtectedApi>(({ guard, needs, start }) => ({
    name: `the wizard's configuration for ${guard}`,
    needs,
    start: (guarded) =>
      start((port) =>
        wizardFiles(guard, guarded, port, {
          api: 'drafts',
          path: '/texts',
          read: 'drafts:read',
          write: 'drafts:write',
        }),
      ),
    paths: ['/texts', '/hello'],
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
