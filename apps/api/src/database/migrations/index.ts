import { CreateRoles1764028800001 } from './1764028800001-create-roles.js';
import { CreateUsers1764028800002 } from './1764028800002-create-users.js';
import { CreateTokens1764028800003 } from './1764028800003-create-tokens.js';
import { CreateAuditTrail1764028800004 } from './1764028800004-create-audit-trail.js';

/** Every migration, in order. */
export const MIGRATIONS = [
  CreateRoles1764028800001,
  CreateUsers1764028800002,
  CreateTokens1764028800003,
  CreateAuditTrail1764028800004,
];
