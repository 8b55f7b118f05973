import {
  BUILT_IN_PERMISSIONS,
  BUILT_IN_ROLES,
  type BuiltInPermission,
  type BuiltInRole,
} from '@latchkey/auth-models';

/** What the server's own permissions and roles let their holders do; those of feature modules say it themselves. */
export const permissions = {
  sentences: BUILT_IN_PERMISSIONS as Readonly<Record<BuiltInPermission, string>>,
  roles: BUILT_IN_ROLES as Readonly<Record<BuiltInRole, string>>,
};
