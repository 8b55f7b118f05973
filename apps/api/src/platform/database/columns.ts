import { type ColumnOptions, type TableColumnOptions, type ValueTransformer } from 'typeorm';

/** PostgreSQL hands 64-bit integers over as texts, SQLite as numbers; everybody above sees numbers. */
const toNumber: ValueTransformer = {
  from: (value: unknown) => (value === null || value === undefined ? null : Number(value)),
  to: (value: unknown) => value,
};

/** An entity's column that holds an instant in epoch milliseconds. */
export const instant = (options: ColumnOptions = {}): ColumnOptions => ({
  type: 'bigint',
  transformer: toNumber,
  ...options,
});

/**
 * An entity's column that holds yes or no. The default is a word that both databases know, as migrations write it:
 * TypeORM would read 1 for SQLite, and take the table for another than the migrated one.
 */
export const flag = (isSetByDefault: boolean): ColumnOptions => ({
  type: 'boolean',
  default: () => String(isSetByDefault),
});

/** A migration's column of text of at most `length` characters. */
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

/** A migration's column that holds an id made by the server. */
export const id = (name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions =>
  text(name, 36, options);

/** A migration's column that holds an instant in epoch milliseconds, or a count beyond 32 bits. */
export const bigint = (name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'bigint',
  ...options,
});

/** A migration's column that holds a small count. */
export const integer = (name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'integer',
  ...options,
});

/** A migration's column that holds yes or no. */
export const boolean = (name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'boolean',
  ...options,
});

/** A migration's column of text without a limit of its own, such as JSON. */
export const longText = (name: string, options: Partial<TableColumnOptions> = {}): TableColumnOptions => ({
  name,
  type: 'text',
  ...options,
});
