/** Permissions of the server itself, with a description for users. Feature modules register more. */
export const BUILT_IN_PERMISSIONS = {
  'users:read': 'See all users and their profiles.',
  'users:write': 'Create, change, disable and delete users, and reset their passwords.',
  'tokens:read': 'See the tokens of all users.',
  'tokens:write': 'Create, change and revoke the tokens of all users.',
  'tokens:introspect': 'Check whether a token is active and which user it belongs to (RFC 7662).',
  'roles:read': 'See all roles and their permissions.',
  'roles:write': 'Create, change and delete roles.',
  'apis:read': 'See all APIs and their permissions.',
  'apis:write': 'Create, change and delete APIs, and grant all their permissions.',
  'audit:read': 'Read the audit trail.',
  'events:read': 'See events, and the targets that receive them.',
  'events:write': 'Create, change, test and delete event targets.',
  'stats:read': 'See the statistics on the home page.',
  'settings:read': 'See the effective configuration, without secrets.',
  'metrics:read': 'Read the metrics.',
} as const;

/** Permission of the server itself, such as `users:write`. */
export type BuiltInPermission = keyof typeof BUILT_IN_PERMISSIONS;

/** Pattern of a permission: an API, a colon, an action. */
export const PERMISSION_PATTERN = /^[a-z][a-z0-9-]{0,63}:[a-z][a-z0-9-]{0,63}$/;

/** Message about a text that does not match {@link PERMISSION_PATTERN}. */
export const PERMISSION_MESSAGE = 'a permission has the form api:action, such as reports:read';

/** Whether a text has the form of a permission. Only the server knows which permissions are registered. */
export function isPermission(text: string): boolean {
  return PERMISSION_PATTERN.test(text);
}
