import { ConfigurationError } from '../../common/application-error.js';
import { VERSION } from '../../common/version.js';
import { isWithoutTable } from './driver-errors.js';
import { MIGRATIONS, RELEASES, type Release } from './migrations/index.js';

/**
 * Table beside TypeORM's `migrations`, from which an older server learns whether it can use the tables:
 * `requires` is the oldest release that can use them after a migration.
 */
export const RELEASES_TABLE = 'migration_releases';

/** Migration that a database has run. The builds that write to {@link RELEASES_TABLE} add its release. */
export interface AppliedMigration {
  readonly name: string;
  readonly release?: string | null;
  readonly requires?: string | null;
}

/** Lists the migrations that a database has run. */
const APPLIED_SQL = `SELECT "migrations"."name", "release", "requires" FROM "migrations"
  LEFT JOIN "${RELEASES_TABLE}" ON "${RELEASES_TABLE}"."name" = "migrations"."name" ORDER BY "migrations"."id"`;
/** The same for a database without {@link RELEASES_TABLE}. */
const NAMES_SQL = 'SELECT "name" FROM "migrations"';

/**
 * Returns the migrations that a database has run; none if it is not a Latchkey database.
 *
 * @param read returns `undefined`, or throws the error of the driver, if a table is missing.
 */
export async function readApplied(
  read: (sql: string) => AppliedMigration[] | Promise<AppliedMigration[] | undefined>,
): Promise<AppliedMigration[]> {
  for (const sql of [APPLIED_SQL, NAMES_SQL]) {
    try {
      const applied = await read(sql);
      if (applied) {
        return applied;
      }
    } catch (error) {
      if (!isWithoutTable(error)) {
        throw error;
      }
    }
  }
  return [];
}

/**
 * State of the tables relative to this build. `empty`: the database has no tables of Latchkey. `ahead`: a
 * later release changed them, and this build can use them. `newer`: this build cannot use them.
 */
export type SchemaState = 'empty' | 'older' | 'current' | 'ahead' | 'newer';

/** Compares the migrations that a database has run with those of this build, which has this version. */
export function schemaState(applied: readonly AppliedMigration[], version = VERSION): SchemaState {
  const names = new Set(applied.map(({ name }) => name));
  if (names.size === 0) {
    return 'empty';
  }
  const isComplete = MIGRATIONS.every(({ name }) => names.has(name));
  const unknown = unknownOf(applied);
  if (unknown.length > 0) {
    return isComplete && unknown.every(isUsableBy(version)) ? 'ahead' : 'newer';
  }
  return isComplete ? 'current' : 'older';
}

const isKnown = (name: string) => MIGRATIONS.some((migration) => migration.name === name);

const unknownOf = (applied: readonly AppliedMigration[]) => applied.filter(({ name }) => !isKnown(name));

/** Compares versions of releases number by number, so that 1.10.0 is after 1.9.0. */
const { compare: compareVersions } = new Intl.Collator('en', { numeric: true });

/** Whether a server that does not know a migration can use its tables. Without a record it cannot. */
const isUsableBy =
  (version: string) =>
  ({ requires }: AppliedMigration) =>
    typeof requires === 'string' && compareVersions(requires, version) <= 0;

/** Returns the state of tables and rejects those that this build would misread. */
export function rejectNewer(applied: readonly AppliedMigration[]): Exclude<SchemaState, 'newer'> {
  const state = schemaState(applied);
  if (state !== 'newer') {
    return state;
  }
  const isUsable = isUsableBy(VERSION);
  const last = unknownOf(applied).findLast((migration) => !isUsable(migration));
  if (!last?.release || !last.requires) {
    // Releases record what their migrations require, and have all migrations of earlier ones.
    throw new ConfigurationError(
      `DATABASE_URL: the database is from a development build. This build, ${VERSION}, cannot upgrade it, and has not ` +
        'changed it. Start with an empty database, restore a backup from before that build, or start that build',
    );
  }
  throw new ConfigurationError(
    `DATABASE_URL: the database is from Latchkey ${last.release}, and needs Latchkey ${last.requires} or later; this is ` +
      `${VERSION}. Start a later version, or restore a backup from before the upgrade`,
  );
}

/** Returns the records for {@link RELEASES_TABLE} of the migrations that a database has not run. */
export function pendingRecords(
  applied: readonly AppliedMigration[],
  releases: readonly Release[] = RELEASES,
): Required<AppliedMigration>[] {
  const names = new Set(applied.map(({ name }) => name));
  return releases
    .flatMap(({ version, requires, migrations }) =>
      migrations.map(({ name }) => ({ name, release: version, requires })),
    )
    .filter(({ name }) => !names.has(name));
}
