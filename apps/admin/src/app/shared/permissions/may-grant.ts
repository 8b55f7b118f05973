import type { MeDto } from '@latchkey/auth-models';
import { BUILT_IN_PERMISSIONS } from '@latchkey/auth-models/lists';

/** Whether a user may grant a permission: one that they hold, or with `apis:write` one of an API. */
export function mayGrant(me: MeDto | null, permission: string): boolean {
  const held = me?.permissions ?? [];
  return held.includes(permission) || (held.includes('apis:write') && !(permission in BUILT_IN_PERMISSIONS));
}
