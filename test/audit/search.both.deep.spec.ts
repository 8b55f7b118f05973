import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditEventQueryDto } from '@latchkey/auth-models';
import { auditFilter } from '../../apps/api/src/audit/search/audit-filter.js';
import { AuditEventListRepository } from '../../apps/api/src/audit/search/audit-event-list.repository.js';
import { AuditChain } from '../../apps/api/src/audit/trail/audit-chain.entity.js';
import { AuditEventSubject } from '../../apps/api/src/audit/trail/audit-event-subject.entity.js';
import { AuditEvent } from '../../apps/api/src/audit/trail/audit-event.entity.js';
import { type Database } from '../../apps/api/src/platform/database/database.js';
import { openDatabase } from '../support/database/open-database.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Enough for more than two steps if a filter matches every third entry. */
const ENTRIES = 9_000;
const ALL = { after: 0, before: Number.MAX_SAFE_INTEGER };

/** Every column except id, number and time. */
const OTHERS =
  '"actorId", "actorName", "subjectKind", "subjectId", "subjectName", action, outcome, address, "traceId", "before", "after", "keyId", ' +
  '"previousMac", mac, "actorTokenId"';

let files: TestDatabase;
let database: Database;
let events: AuditEventListRepository;
let entries: AuditEvent[];
let furtherNames: Set<string>;

beforeAll(async () => {
  files = await createTestDatabase();
  database = await openDatabase(files);
  const script = readFileSync(join(process.cwd(), 'test/support/many-entries.sql'), 'utf8')
    .replaceAll('{entries}', String(ENTRIES))
    .replaceAll('{now}', String(Date.parse('2026-11-01T00:00:00Z')));
  await files.execute(script);
  const source = database.reader;
  events = new AuditEventListRepository(source.getRepository(AuditEvent), source.getRepository(AuditChain));
  entries = await source.getRepository(AuditEvent).find({ order: { sequence: 'ASC' } });
  const subjects = await source.getRepository(AuditEventSubject).find();
  furtherNames = new Set(subjects.map(({ sequence, name }) => `${sequence} ${name}`));
});

afterAll(async () => {
  await database.close();
  await files.drop();
});

/** Applies a query to all entries. */
function expected({ actor, subject, action, outcome, address, from }: AuditEventQueryDto): number[] {
  return entries
    .filter(
      (entry) =>
        (actor === undefined || entry.actorName === actor) &&
        (action === undefined || entry.action === action) &&
        (outcome === undefined || entry.outcome === outcome) &&
        (address === undefined || entry.address === address) &&
        (from === undefined || entry.time >= Date.parse(from)) &&
        (subject === undefined ||
          entry.subjectName === subject ||
          furtherNames.has(`${entry.sequence} ${subject}`)),
    )
    .map(({ sequence }) => sequence);
}

const QUERIES: AuditEventQueryDto[] = [
  {},
  { actor: 'admin' },
  { subject: 'admin' },
  { subject: 'bulk', actor: 'admin' },
  { subject: 'admin', outcome: 'success' },
  { subject: 'user-17', action: 'authn_logout' },
  { actor: 'admin', action: 'authn_logout' },
  { actor: 'admin', outcome: 'failure' },
  { actor: 'admin', outcome: 'success', address: '192.0.2.1' },
  { outcome: 'success', from: '2026-05-01T00:00:00Z' },
  { actor: 'admin', action: 'user_updated', from: '2026-05-01T00:00:00Z' },
  { action: 'role_created', outcome: 'success' },
];

describe('a search of many audit entries', () => {
  it.each(QUERIES)('returns all matches of %j in both orders', async (query) => {
    const filter = auditFilter(query);
    const sequencesOf = async (order: 'ASC' | 'DESC') =>
      (await events.find(filter, ALL, order, ENTRIES)).map(({ sequence }) => sequence);

    expect(await sequencesOf('ASC')).toEqual(expected(query));
    expect(await sequencesOf('DESC')).toEqual([...expected(query)].reverse());
  });

  it('returns at most the requested number, from the end of a span', async () => {
    const query: AuditEventQueryDto = { actor: 'admin', outcome: 'success' };
    const found = await events.find(auditFilter(query), { after: 0, before: 5_000 }, 'DESC', 10);

    const before = expected(query).filter((sequence) => sequence < 5_000);
    expect(found.map(({ sequence }) => sequence)).toEqual(before.slice(-10).reverse());
  });

  it('reads the ends of a period by the index of times', async () => {
    const source = database.reader;
    const isPostgres = source.options.type === 'postgres';
    // As autovacuum does. The server never analyses a SQLite file.
    await files.execute(...(isPostgres ? ['ANALYZE "audit_events"'] : []));
    const { logger } = source;
    const sent: [string, unknown[] | undefined][] = [];
    source.logger = Object.assign(Object.create(logger) as typeof logger, {
      logQuery: (sql: string, parameters?: unknown[]) => sent.push([sql, parameters]),
    });
    await events.spanOf({ from: Date.parse('2026-05-01T00:00:00Z'), to: Date.parse('2026-06-01T00:00:00Z') });
    source.logger = logger;

    const byTime = sent.filter(([sql]) => sql.includes('ORDER BY') && sql.includes('audit_events'));
    expect(byTime).toHaveLength(2);
    for (const [sql, parameters] of byTime) {
      const rows = await source.query<Record<string, unknown>[]>(
        `EXPLAIN ${isPostgres ? '' : 'QUERY PLAN '}${sql}`,
        parameters,
      );
      const plan = rows.map((row) => String(row.detail ?? row['QUERY PLAN'])).join('\n');
      expect(plan).toContain('IDX_audit_events_time');
      expect(plan).not.toMatch(/TEMP B-TREE|Sort/);
    }
  });

  describe('by time, in a trail into which someone inserted rows', () => {
    const to = '2100-01-01T00:00:00Z';
    const from = '2000-01-01T00:00:00Z';
    const INSERTED = (sequence: number, time: string) =>
      `INSERT INTO audit_events SELECT 'inserted', ${sequence}, ${Date.parse(time)}, ${OTHERS} FROM audit_events WHERE sequence = 700`;

    afterEach(() =>
      files.execute(
        "DELETE FROM audit_events WHERE id = 'inserted'",
        'DELETE FROM audit_chain WHERE id = 0',
        'UPDATE audit_chain SET "clockSetback" = 0',
      ),
    );

    const sequencesIn = async (query: AuditEventQueryDto) => {
      const filter = auditFilter(query);
      const found = await events.find(filter, await events.spanOf(filter), 'ASC', 2 * ENTRIES);
      return found.filter(({ id }) => id !== 'inserted').map(({ sequence }) => sequence);
    };

    it.each([
      ['before the first entry', [withoutCheck(), INSERTED(-5, to)], { to }],
      ['far behind the last entry', [INSERTED(2 ** 40, '1990-01-01T00:00:00Z')], { from }],
      ['far behind the last entry', [INSERTED(2 ** 40, to)], { to }],
    ])('finds all entries with a row %s', async (_, statements, query) => {
      await files.execute(...statements);

      expect(await sequencesIn(query)).toHaveLength(entries.length);
    });

    it.each([
      ['a second end of the chain', `INSERT INTO audit_chain (id, sequence, mac) VALUES (0, 0, '')`],
      ['a negative setback of the clock', 'UPDATE audit_chain SET "clockSetback" = -9000000000000'],
    ])('finds all entries with %s', async (_, statement) => {
      await files.execute(statement);

      expect(await sequencesIn({ to: '2027-01-01T00:00:00Z' })).toHaveLength(entries.length);
    });
  });
});

/** Lifts the check of the numbers, like someone who can change the database. */
function withoutCheck(): string {
  return globalThis.DATABASE_KIND === 'postgres'
    ? 'ALTER TABLE audit_events DROP CONSTRAINT IF EXISTS "CHK_audit_events_sequence"'
    : 'PRAGMA ignore_check_constraints = ON';
}
