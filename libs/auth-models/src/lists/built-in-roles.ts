/** The roles that every server has and nobody can change, with a sentence for people. */
export const BUILT_IN_ROLES = {
  admin: 'Everything, including what feature modules add.',
  auditor: 'Reads everything, changes nothing.',
  user: 'Their own account and tokens only.',
} as const;

/** The name of a built-in role. */
export type BuiltInRole = keyof typeof BUILT_IN_ROLES;

/** Role of every user who is created without a list of roles. It permits nothing, so anyone who creates users may grant it. */
export const DEFAULT_ROLE: BuiltInRole = 'user';

/** A role name's form. */
export const ROLE_NAME_PATTERN = /^[a-z][a-z0-9-]{0,63}$/;

/** What is said of a text that is no role's name. */
export const ROLE_NAME_MESSAGE =
  'a role is named in up to 64 lower-case letters, digits and hyphens, beginning with a letter';
