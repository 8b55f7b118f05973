import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSystemPostgres, systemPostgres, type SystemPostgres } from '../docs/system-postgres.js';
import { queryOnce } from '../support/test-database.js';

const PASSWORD = "it's a password";
/** Role and database of the cluster that nobody has to know a password for. */
const ADMINISTRATOR = 'postgres';

const programs = systemPostgres();
/** Where PostgreSQL is not installed, the run says what was left out, and what it needs. */
const describeHere = programs === null ? describe.skip : describe;

let cluster: SystemPostgres;

describeHere(
  `deploy/database.sql (${programs === null ? 'postgresql: apt-get install postgresql' : 'PostgreSQL is here'})`,
  () => {
    beforeAll(async () => {
      cluster = await startSystemPostgres(programs ?? '', ADMINISTRATOR);
      await queryOnce(cluster.url, `ALTER ROLE ${ADMINISTRATOR} PASSWORD '${PASSWORD.replace("'", "''")}'`);
      // As the image of PostgreSQL runs it.
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

    it('makes a role that may log in, and nothing else, with the password', async () => {
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

    it('makes a database that the role owns, and may make tables in', async () => {
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
  },
);
