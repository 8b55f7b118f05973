import { ALL_USERS } from '../trail/audit-event-subject.entity.js';
import { type AuditFilter } from './audit-filter.js';

/** Range of sequence numbers; both ends are exclusive. */
export interface SequenceSpan {
  readonly after: number;
  readonly before: number;
}

export type Order = 'ASC' | 'DESC';

/** Condition that a column has a value. The index of the column sorts equal values by sequence number. */
interface Source {
  readonly table: 'audit_events' | 'audit_event_subjects';
  readonly column: string;
  readonly value: unknown;
}

/** SQL statement or part of one, with its parameters. */
export interface Sql {
  readonly text: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Filter: its sources by the names of their parameters. An entry matches if it is in one of them. */
export type Matches = ReadonlyMap<string, Source>;

/** Returns the filters on columns. A filter by subject also matches the additional subjects of an entry. */
export function matchesOf({ equal, subject }: AuditFilter): Matches[] {
  const columns = Object.entries(equal).map(([column, value]): Source[] => [
    { table: 'audit_events', column, value },
  ]);
  const subjects = subject
    ? [
        [
          {
            table: 'audit_events',
            column: subject.by === 'id' ? 'subjectId' : 'subjectName',
            value: subject.value,
          } as const,
          ...[subject.value, ALL_USERS[subject.by]].map(
            (value) => ({ table: 'audit_event_subjects', column: subject.by, value }) as const,
          ),
        ],
      ]
    : [];
  return [...columns, ...subjects].map(
    (sources, filter) => new Map(sources.map((source, index) => [`value${filter}_${index}`, source])),
  );
}

/**
 * Returns the statement that finds the sequence number of the `size`-th entry of each source, in the order of
 * the list. Each source has a column with the name of its parameter, which is null if the source has fewer
 * entries.
 */
export function reachStatement(
  filters: readonly Matches[],
  span: SequenceSpan,
  order: Order,
  size: number,
): Sql {
  const columns = sourcesOf(filters).map(
    ([name, source]) =>
      `(SELECT "sequence" ${fromSource(name, source)} ORDER BY "sequence" ${order} LIMIT 1 OFFSET :skipped) AS "${name}"`,
  );
  return {
    text: `SELECT ${columns.join(', ')}`,
    parameters: { ...valuesOf(filters), ...span, skipped: size - 1 },
  };
}

/**
 * Returns the condition for the entries within a span that match all filters. The database finds the entries
 * of the leading filter, and checks the other filters in their indexes. It reads an entry only if all filters
 * match.
 */
export function matchingCondition(leading: Matches, filters: readonly Matches[], span: SequenceSpan): Sql {
  const read = [...leading].map(([name, source]) => `SELECT "sequence" ${fromSource(name, source)}`);
  const others = filters
    .filter((filter) => filter !== leading)
    .map((filter) =>
      [...filter]
        .map(
          ([name, source]) => `EXISTS (SELECT 1 ${fromSource(name, source)} AND "sequence" = led."sequence")`,
        )
        .join(' OR '),
    );
  const conditions = others.map((condition) => ` AND (${condition})`).join('');
  return {
    text: `event."sequence" IN (SELECT led."sequence" FROM (${read.join(' UNION ')}) led WHERE 1 = 1${conditions})`,
    parameters: { ...valuesOf(filters), ...span },
  };
}

/**
 * Returns the clauses that read a source. They repeat the span, because PostgreSQL does not infer it, and
 * would read the whole index.
 */
function fromSource(name: string, { table, column }: Source): string {
  return `FROM "${table}" WHERE "${column}" = :${name} AND "sequence" > :after AND "sequence" < :before`;
}

function sourcesOf(filters: readonly Matches[]): [name: string, source: Source][] {
  return filters.flatMap((filter) => [...filter]);
}

function valuesOf(filters: readonly Matches[]): Record<string, unknown> {
  return Object.fromEntries(sourcesOf(filters).map(([name, { value }]) => [name, value]));
}
