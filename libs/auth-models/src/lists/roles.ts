/** Roles that every server has, with a description for users. They cannot be changed or deleted. */
export const BUILT_IN_ROLES = {
  admin: 'Full access, including everything that feature modules add.',
  auditor: 'Read-only access to everything.',
  user: 'Own account and tokens only.',
} as const;

/** Name of a built-in role. */
export type BuiltInRole = keyof typeof BUILT_IN_ROLES;

/**
 * Role of a user who is created without `roles`. It has no permissions, so everyone who can create users may
 * assign it.
 */
export const DEFAULT_ROLE: BuiltInRole = 'user';

/** Pattern of a role name. */
export const ROLE_NAME_PATTERN = /^[a-z][a-z0-9-]{0,63}$/;

/** Message about a text that does not match {@link ROLE_NAME_PATTERN}. */
export const ROLE_NAME_MESSAGE =
  'a role name has up to 64 lower-case letters, digits and hyphens, and starts with a letter';
