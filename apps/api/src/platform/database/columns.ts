import {
  type ColumnOptions,
  type TableColumnOptions,
  type TableForeignKeyOptions,
  type ValueTransformer,
} from 'typeorm';

/** Converts 64-bit integers to numbers. The driver of PostgreSQL returns them as strings. */
const toNumber: ValueTransformer = {
  from: (value: unknown) => (value === null || value === undefined ? null : Number(value)),
  to: (value: unknown) => value,
};

/** Entity column of an instant in epoch milliseconds, or a count beyond 32 bits. */
export const instant = (options: ColumnOptions = {}): ColumnOptions => ({
  type: 'bigint',
  transformer: toNumber,
  ...options,
});

/**
 * Boolean column of an entity. Its default is a keyword that both databases know, as in the migrations: with
 * 1 on SQLite TypeORM would see a difference between entity and table.
 */
export const flag = (isSetByDefault: boolean): ColumnOptions => ({
  type: 'boolean',
  default: () => String(isSetByDefault),
});

/** Migration column of a text of at most `length` characters. */
export const text = (
  name: string,
  length: number,
  options: Partial<TableColumnOptions> = {},
): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  ...options,
});

/** Migration column of an id that the server generates. */
export const id = (name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions =>
  text(name, 36, options);

const column =
  (type: string) =>
  (name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
    name,
    type,
    ...options,
  });

/** Migration column of an instant in epoch milliseconds, or a count beyond 32 bits. */
export const bigint = column('bigint');

/** Migration column of a 32-bit integer. */
export const integer = column('integer');

export const boolean = column('boolean');

/** Migration column of a text without a length limit, such as JSON. */
export const longText = column('text');

/** Options of a column in the primary key of a migration's table. */
export const primaryKey = (table: string): Partial<TableColumnOptions> => ({
  isPrimary: true,
  primaryKeyConstraintName: `PK_${table}`,
});

/** Foreign key of a migration: the rows of a parent are deleted with it. */
export const childOf = (parent: string, table: string, column: string): TableForeignKeyOptions => ({
  name: `FK_${table}_${column}`,
  columnNames: [column],
  referencedTableName: parent,
  referencedColumnNames: ['id'],
  onDelete: 'CASCADE',
});
