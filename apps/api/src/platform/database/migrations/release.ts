import { type MigrationInterface } from 'typeorm';

/**
 * Migration that servers of the previous release can run beside. So it only adds: tables, indexes that are not unique, and
 * columns that are nullable or have a default.
 */
export interface SchemaMigration extends MigrationInterface {
  /**
   * Exceptions, such as `users.nickname`: what the migration removes, renames or restricts, because the previous release no
   * longer uses it.
   */
  readonly contracts?: readonly string[];
}

/** Release of Latchkey with the migrations that it added. */
export interface Release {
  readonly version: string;
  /** Oldest release whose servers can use the tables after these migrations. The first release names itself. */
  readonly requires: string;
  readonly migrations: readonly (new () => SchemaMigration)[];
}
