import { type EntityMetadata } from 'typeorm';

/** What a column holds, whatever a database makes of it. */
export type ColumnContent = 'text' | 'integer' | 'bigint' | 'boolean';

/** A column that is moved. */
export interface MovedColumn {
  readonly name: string;
  readonly content: ColumnContent;
  /** Most characters of a text; absent = any number. */
  readonly maxLength?: number;
}

/** A table that is moved. */
export interface MovedTable {
  readonly name: string;
  readonly columns: readonly MovedColumn[];
  /** The columns by which a row is found. */
  readonly key: readonly MovedColumn[];
}

/** One row in the form that is the same for both databases: each value as a text, or absent. */
export type MovedRow = Readonly<Record<string, string | null>>;

/** The types that entities declare. */
const CONTENTS: Readonly<Record<string, ColumnContent>> = {
  varchar: 'text',
  text: 'text',
  integer: 'integer',
  bigint: 'bigint',
  boolean: 'boolean',
};

/**
 * The tables of all entities, each after those that it refers to.
 *
 * @throws Error if one has a column that nobody has thought about how to move.
 */
export function movedTables(entities: readonly EntityMetadata[]): MovedTable[] {
  const sorted = new Set<EntityMetadata>();
  const add = (entity: EntityMetadata) => {
    entity.foreignKeys.forEach(({ referencedEntityMetadata }) => add(referencedEntityMetadata));
    sorted.add(entity);
  };
  entities.forEach(add);
  return [...sorted].map(movedTable);
}

function movedTable({ tableName, columns }: EntityMetadata): MovedTable {
  const moved = columns.map(({ databaseName, type, length, isGenerated, isPrimary }) => {
    const content = CONTENTS[String(type)];
    if (!content) {
      throw new Error(`${tableName}.${databaseName} is of a type that is not moved yet: ${String(type)}`);
    }
    if (isGenerated) {
      // PostgreSQL would go on counting from 1.
      throw new Error(`${tableName}.${databaseName} is numbered by the database, which is not moved yet`);
    }
    const maxLength = length === '' ? {} : { maxLength: Number(length) };
    return { isPrimary, column: { name: databaseName, content, ...maxLength } };
  });
  return {
    name: tableName,
    columns: moved.map(({ column }) => column),
    key: moved.filter(({ isPrimary }) => isPrimary).map(({ column }) => column),
  };
}

/** Names of columns as SQL lists them. */
export function listed(columns: readonly MovedColumn[], prefix = ''): string {
  return columns.map(({ name }) => `${prefix}"${name}"`).join(', ');
}

/** Which row it is, for people; ids and names alone, as no key is a secret. */
export function placeOf({ name, key }: MovedTable, row: MovedRow): string {
  return `${name} ${key.map((column) => `${column.name}=${row[column.name]}`).join(', ')}`;
}
