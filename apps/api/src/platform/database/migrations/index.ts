import { CreateRoles1764028800001 } from './1764028800001-create-roles.js';
import { CreateUsers1764028800002 } from './1764028800002-create-users.js';
import { CreateTokens1764028800003 } from './1764028800003-create-tokens.js';
import { CreateAuditTrail1764028800004 } from './1764028800004-create-audit-trail.js';
import { CreateTokenUsage1764028800005 } from './1764028800005-create-token-usage.js';
import { CreateLoginDays1764028800006 } from './1764028800006-create-login-days.js';
import { CreateFailureCounts1764028800007 } from './1764028800007-create-failure-counts.js';
import { CreateApis1764028800008 } from './1764028800008-create-apis.js';
import { AddGuardRails1764028800009 } from './1764028800009-add-guard-rails.js';
import { CreateTokenLastUses1764028800010 } from './1764028800010-create-token-last-uses.js';
import { CreateVerifiers1764028800011 } from './1764028800011-create-verifiers.js';
import { AddLeakReports1764028800012 } from './1764028800012-add-leak-reports.js';
import { AddAcknowledgements1764028800013 } from './1764028800013-add-acknowledgements.js';
import { AddTokensOfActors1764028800014 } from './1764028800014-add-tokens-of-actors.js';
import { CreateTokenRequests1764028800015 } from './1764028800015-create-token-requests.js';
import { CreateClaimLinks1764028800016 } from './1764028800016-create-claim-links.js';
import { IndexTokensByCreation1764028800017 } from './1764028800017-index-tokens-by-creation.js';
import { SeparateReportedAddresses1764028800018 } from './1764028800018-separate-reported-addresses.js';
import { CheckAuditSequences1764028800019 } from './1764028800019-check-audit-sequences.js';
import { CreateRotatedSecrets1764028800020 } from './1764028800020-create-rotated-secrets.js';
import { type Release } from './release.js';

/** Releases that changed the tables, in their order. A release that changes nothing is not listed. */
export const RELEASES: readonly Release[] = [
  {
    version: '0.1.0',
    requires: '0.1.0',
    migrations: [
      CreateRoles1764028800001,
      CreateUsers1764028800002,
      CreateTokens1764028800003,
      CreateAuditTrail1764028800004,
      CreateTokenUsage1764028800005,
      CreateLoginDays1764028800006,
      CreateFailureCounts1764028800007,
      CreateApis1764028800008,
      AddGuardRails1764028800009,
      CreateTokenLastUses1764028800010,
      CreateVerifiers1764028800011,
      AddLeakReports1764028800012,
      AddAcknowledgements1764028800013,
      AddTokensOfActors1764028800014,
      CreateTokenRequests1764028800015,
      CreateClaimLinks1764028800016,
      IndexTokensByCreation1764028800017,
      SeparateReportedAddresses1764028800018,
      CheckAuditSequences1764028800019,
      CreateRotatedSecrets1764028800020,
    ],
  },
];

/** All migrations, in their order. */
export const MIGRATIONS = RELEASES.flatMap(({ migrations }) => migrations);
