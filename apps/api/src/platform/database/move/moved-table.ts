import { type EntityMetadata } from 'typeorm';

/** Type of a column, independent of the database. */
type ColumnContent = 'text' | 'integer' | 'bigint' | 'boolean';

export interface MovedColumn {
  readonly name: string;
  readonly content: ColumnContent;
  /** Maximum number of characters; absent if there is no limit. */
  readonly maxLength?: number;
}

export interface MovedTable {
  readonly name: string;
  readonly columns: readonly MovedColumn[];
  readonly key: readonly MovedColumn[];
  /** Conditions on all rows, in SQL of both databases, by name. */
  readonly checks: ReadonlyMap<string, string>;
}

/** Row in a form that both databases share: each value as a string or `null`. */
export type MovedRow = Readonly<Record<string, string | null>>;

/** Content by the column type that entities declare. */
const CONTENTS: Readonly<Record<string, ColumnContent>> = {
  varchar: 'text',
  text: 'text',
  integer: 'integer',
  bigint: 'bigint',
  boolean: 'boolean',
};

/** Returns the tables of all entities. Referenced tables come first. */
export function movedTables(entities: readonly EntityMetadata[]): MovedTable[] {
  const sorted = new Set<EntityMetadata>();
  const add = (entity: EntityMetadata) => {
    entity.foreignKeys.forEach(({ referencedEntityMetadata }) => add(referencedEntityMetadata));
    sorted.add(entity);
  };
  entities.forEach(add);
  return [...sorted].map(movedTable);
}

function movedTable({ tableName, columns, checks }: EntityMetadata): MovedTable {
  const moved = columns.map(({ databaseName, type, length, isGenerated, isPrimary }) => {
    const content = CONTENTS[String(type)];
    if (!content) {
      throw new Error(`${tableName}.${databaseName} is of a type that is not moved yet: ${String(type)}`);
    }
    if (isGenerated) {
      // PostgreSQL would restart its sequence at 1.
      throw new Error(`${tableName}.${databaseName} is numbered by the database, which is not moved yet`);
    }
    const maxLength = length === '' ? {} : { maxLength: Number(length) };
    return { isPrimary, column: { name: databaseName, content, ...maxLength } };
  });
  return {
    name: tableName,
    columns: moved.map(({ column }) => column),
    key: moved.filter(({ isPrimary }) => isPrimary).map(({ column }) => column),
    checks: new Map(checks.map(({ name, expression }) => [name, expression])),
  };
}

export function listed(columns: readonly MovedColumn[], prefix = ''): string {
  return columns.map(({ name }) => `${prefix}"${name}"`).join(', ');
}

/** Describes a row by its key. Keys are ids and names, never secrets. */
export function placeOf({ name, key }: MovedTable, row: MovedRow): string {
  return `${name} ${key.map((column) => `${column.name}=${row[column.name]}`).join(', ')}`;
}
