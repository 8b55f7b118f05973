import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import {
  startSystemPostgres,
  systemPostgres,
  type SystemPostgres,
} from '../support/database/system-postgres.mjs';
import { describeIfInstalled } from '../support/external-programs.js';
import { queryOnce } from '../support/test-database.js';

const PASSWORD = "it's a password";
/** Administrator and default database of the cluster. */
const ADMINISTRATOR = 'postgres';

const programs = systemPostgres();
const NEEDS = programs === null ? 'PostgreSQL: apt-get install postgresql' : null;

let cluster: SystemPostgres;

describeIfInstalled(NEEDS, 'deploy/database.sql', () => {
  beforeAll(async () => {
    cluster = await startSystemPostgres(programs ?? '', { administrator: ADMINISTRATOR });
    await queryOnce(cluster.url, `ALTER ROLE ${ADMINISTRATOR} PASSWORD '${PASSWORD.replace("'", "''")}'`);
    // As in the PostgreSQL image.
    const { hostname, port } = new URL(cluster.url);
    const words = ['-v', 'ON_ERROR_STOP=1', '--username', ADMINISTRATOR, '--no-password', '--no-psqlrc'];
    const { status, stderr } = spawnSync(
      join(programs ?? '', 'psql'),
      [...words, '--dbname', 'postgres', '-f', 'deploy/database.sql'],
      { env: { PGHOST: hostname, PGPORT: port, POSTGRES_PASSWORD: PASSWORD }, encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
  });

  afterAll(() => cluster.stop());

  it('creates a role with the password that can only log in', async () => {
    const [role] = await queryOnce(
      cluster.url,
      `SELECT rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, rolpassword IS NOT NULL AS "hasPassword"
       FROM pg_authid WHERE rolname = 'latchkey'`,
    );

    expect(role).toEqual({
      rolcanlogin: true,
      rolsuper: false,
      rolcreatedb: false,
      rolcreaterole: false,
      rolreplication: false,
      rolbypassrls: false,
      hasPassword: true,
    });
  });

  it('creates a database where the role owns everything', async () => {
    const url = new URL(cluster.url);
    Object.assign(url, { username: 'latchkey', pathname: '/latchkey' });

    await queryOnce(url.href, 'CREATE TABLE pets (name text)');

    expect(
      await queryOnce(
        url.href,
        `SELECT pg_encoding_to_char(encoding) AS encoding, datdba::regrole::text AS owner
        FROM pg_database WHERE datname = 'latchkey'`,
      ),
    ).toEqual([{ encoding: 'UTF8', owner: 'latchkey' }]);
  });

  it('leaves the administrator without a password', async () => {
    expect(
      await queryOnce(cluster.url, `SELECT rolname FROM pg_authid WHERE rolpassword IS NOT NULL`),
    ).toEqual([{ rolname: 'latchkey' }]);
  });
});
