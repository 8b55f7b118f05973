import { type MigrationInterface } from 'typeorm';
import { CreateUsers1764115200001 } from './1764115200001-create-users.js';
import { CreateTokens1764115200002 } from './1764115200002-create-tokens.js';
import { CreateUsage1764115200003 } from './1764115200003-create-usage.js';
import { CreateOffers1764115200004 } from './1764115200004-create-offers.js';
import { CreateAuditTrail1764115200005 } from './1764115200005-create-audit-trail.js';
import { CreateFailureCounts1764115200006 } from './1764115200006-create-failure-counts.js';
import { CreateSecondFactors1764115200007 } from './1764115200007-create-second-factors.js';
import { CreateEvents1764115200008 } from './1764115200008-create-events.js';

/**
 * Migration that servers of the previous release can run beside. So it only adds: tables, indexes that are
 * not unique, and columns that are nullable or have a default.
 */
export interface SchemaMigration extends MigrationInterface {
  /**
   * Exceptions, such as `users.nickname`: what the migration removes, renames or restricts, because the
   * previous release no longer uses it.
   */
  readonly contracts?: readonly string[];
}

/** Release of Latchkey with the migrations that it added. */
export interface Release {
  readonly version: string;
  /**
   * Oldest release whose servers can use the tables after these migrations. The first release names itself.
   */
  readonly requires: string;
  readonly migrations: readonly (new () => SchemaMigration)[];
}

/** Releases that changed the tables, in their order. A release that changes nothing is not listed. */
export const RELEASES: readonly Release[] = [
  {
    version: '0.1.0',
    requires: '0.1.0',
    migrations: [
      CreateUsers1764115200001,
      CreateTokens1764115200002,
      CreateUsage1764115200003,
      CreateOffers1764115200004,
      CreateAuditTrail1764115200005,
      CreateFailureCounts1764115200006,
      CreateSecondFactors1764115200007,
      CreateEvents1764115200008,
    ],
  },
];

/** All migrations, in their order. */
export const MIGRATIONS = RELEASES.flatMap(({ migrations }) => migrations);
