// Pages of lists with BENCH_ROWS tokens and audit entries.
import { fillDatabase, ROWS } from './fill-database.mjs';
import { processorSeconds } from './measure.mjs';
import { logIn, send } from './server.mjs';

const EVERY_STATE = 'state=active,expiring,pending,expired,disabled,revoked';
const DAY = 86_400_000;
const ago = (days) => new Date(Date.now() - days * DAY).toISOString();
const LISTS = [
  '/tokens',
  `/tokens?page=${Math.ceil(ROWS / 100)}`,
  `/tokens?${EVERY_STATE}`,
  ...['active', 'expiring', 'expired', 'disabled', 'revoked'].map((state) => `/tokens?state=${state}`),
  '/tokens?user=many-77',
  '/tokens?kind=api',
  '/tokens?unusedSinceDays=60',
  '/tokens?unusedPermissions=true',
  '/tokens?q=backup',
  '/tokens?q=nowhere',
  '/tokens?sort=user',
  '/tokens?sort=lastUsageTime',
  `/tokens?${EVERY_STATE}&sort=-note`,
  '/audit-events',
  `/audit-events?from=${ago(300)}&to=${ago(299)}`,
  '/audit-events?actor=admin',
  '/audit-events?action=role_deleted',
  '/audit-events?subject=user-17&outcome=failure',
  '/audit-events?address=192.0.2.1&action=authn_logout',
  '/users?q=many',
  '/stats',
];

export async function subjectsOf(servers) {
  const subjects = [];
  for (const [database, start] of await servers.onEachDatabase()) {
    const { child, url, databaseUrl } = await start({
      LATCHKEY_STATEMENT_TIMEOUT_MS: '60000',
      LATCHKEY_AUDIT_RETENTION_DAYS: '0',
    });
    await fillDatabase(databaseUrl);
    const token = await logIn(url);
    for (const list of LISTS) {
      subjects.push({
        name: `${database} ${list}`,
        measure: async () => {
          const before = processorSeconds(child);
          const start = performance.now();
          await send(url, token, 'GET', list);
          return {
            ms: performance.now() - start,
            'ms of processor': (processorSeconds(child) - before) * 1_000,
          };
        },
      });
    }
  }
  return subjects;
}
