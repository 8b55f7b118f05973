import { ALL_USERS } from '../trail/audit-event-subject.entity.js';
import { type AuditFilter } from './audit-filter.js';

/** Range of sequence numbers; both ends are exclusive. */
export interface SequenceSpan {
  readonly after: number;
  readonly before: number;
}

export type Order = 'ASC' | 'DESC';

/** Column with an index that continues with the sequence, and its value. */
interface Source {
  readonly table: 'audit_events' | 'audit_event_subjects';
  readonly column: string;
  readonly value: unknown;
}

/** Statement or a part of one, with its parameters. */
export interface Sql {
  readonly text: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** One filter: the union of its sources, with the names of their parameters. */
export type Matches = ReadonlyMap<string, Source>;

/** Returns the filters on columns. An entry matches a subject by its own subject, or by one of its further ones. */
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
 * Returns the statement for the sequence number of the `size`-th entry of each source, in the order of the list: null where a source
 * has fewer. Its columns are the names of the parameters.
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
 * Returns the condition on the entries within a span that match all filters. It reads the entries of the leading filter, and looks each
 * up in the indexes of the others, without reading the entry itself.
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

/** With its own span for each source, because PostgreSQL does not infer it, and would read the whole index. */
function fromSource(name: string, { table, column }: Source): string {
  return `FROM "${table}" WHERE "${column}" = :${name} AND "sequence" > :after AND "sequence" < :before`;
}

function sourcesOf(filters: readonly Matches[]): [name: string, source: Source][] {
  return filters.flatMap((filter) => [...filter]);
}

function valuesOf(filters: readonly Matches[]): Record<string, unknown> {
  return Object.fromEntries(sourcesOf(filters).map(([name, { value }]) => [name, value]));
}
