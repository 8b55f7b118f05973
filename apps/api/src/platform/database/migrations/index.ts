import { CreateRoles1764028800001 } from './1764028800001-create-roles.js';
import { CreateUsers1764028800002 } from './1764028800002-create-users.js';
import { CreateTokens1764028800003 } from './1764028800003-create-tokens.js';
import { CreateAuditTrail1764028800004 } from './1764028800004-create-audit-trail.js';
import { AddTokenLifeStart1764028800005 } from './1764028800005-add-token-life-start.js';
import { IndexTokenLists1764028800008 } from './1764028800008-index-token-lists.js';
import { CreateTokenUsage1764028800009 } from './1764028800009-create-token-usage.js';
import { DropTokenExpirationIndex1764028800010 } from './1764028800010-drop-token-expiration-index.js';
import { CountLoginsPerDay1764028800011 } from './1764028800011-count-logins-per-day.js';
import { NameTheAuditKey1764028800012 } from './1764028800012-name-the-audit-key.js';
import { MeasureAuditClock1764028800013 } from './1764028800013-measure-audit-clock.js';
import { IndexAuditFilters1764028800014 } from './1764028800014-index-audit-filters.js';
import { IndexAuditedThings1764028800015 } from './1764028800015-index-audited-things.js';
import { LimitSetUpLinks1764028800016 } from './1764028800016-limit-set-up-links.js';
import { DropPostgresTokenListIndex1764028800017 } from './1764028800017-drop-postgres-token-list-index.js';
import { CreateFailureCounts1764028800018 } from './1764028800018-create-failure-counts.js';
import { AddTokenMaxExpiration1764028800019 } from './1764028800019-add-token-max-expiration.js';
import { CreateTokenAncestors1764028800020 } from './1764028800020-create-token-ancestors.js';
import { AddNameSkeletons1764028800022 } from './1764028800022-add-name-skeletons.js';
import { NoteClock1764028800029 } from './1764028800029-note-clock.js';

/** Every migration, in order. */
export const MIGRATIONS = [
  CreateRoles1764028800001,
  CreateUsers1764028800002,
  CreateTokens1764028800003,
  CreateAuditTrail1764028800004,
  AddTokenLifeStart1764028800005,
  IndexTokenLists1764028800008,
  CreateTokenUsage1764028800009,
  DropTokenExpirationIndex1764028800010,
  CountLoginsPerDay1764028800011,
  NameTheAuditKey1764028800012,
  MeasureAuditClock1764028800013,
  IndexAuditFilters1764028800014,
  IndexAuditedThings1764028800015,
  LimitSetUpLinks1764028800016,
  DropPostgresTokenListIndex1764028800017,
  CreateFailureCounts1764028800018,
  AddTokenMaxExpiration1764028800019,
  CreateTokenAncestors1764028800020,
  AddNameSkeletons1764028800022,
  NoteClock1764028800029,
];
