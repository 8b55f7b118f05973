// Starts the next release: the built server with more migrations. Each changes one table, so that its lock
// causes no deadlock with requests. It requires what the last release of this build requires, so that this
// build can run beside it.
import { setTimeout as pause } from 'node:timers/promises';
import { MIGRATIONS, RELEASES } from '../../dist/apps/api/src/platform/database/migrations/index.js';
import { NEXT_MIGRATIONS } from './next-migrations.mjs';

const migrations = NEXT_MIGRATIONS.map(([name, ...statements]) => {
  const migration = class {
    async up(runner) {
      // Time for a test to kill the server between two migrations.
      await pause(50);
      for (const sql of statements) {
        await runner.query(sql);
      }
    }
  };
  Object.defineProperty(migration, 'name', { value: name });
  return migration;
});
MIGRATIONS.push(...migrations);
RELEASES.push({ version: 'next', requires: RELEASES.at(-1).requires, migrations });
await import('../../dist/apps/api/src/main.js');
