import { CreateUsers1764115200001 } from './1764115200001-create-users.js';
import { CreateTokens1764115200002 } from './1764115200002-create-tokens.js';
import { CreateUsage1764115200003 } from './1764115200003-create-usage.js';
import { CreateOffers1764115200004 } from './1764115200004-create-offers.js';
import { CreateAuditTrail1764115200005 } from './1764115200005-create-audit-trail.js';
import { CreateFailureCounts1764115200006 } from './1764115200006-create-failure-counts.js';
import { type Release } from './release.js';

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
    ],
  },
];

/** All migrations, in their order. */
export const MIGRATIONS = RELEASES.flatMap(({ migrations }) => migrations);
