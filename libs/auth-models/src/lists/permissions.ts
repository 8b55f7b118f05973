/** The permissions that the server itself knows, each with a sentence for people. Feature modules register more. */
export const BUILT_IN_PERMISSIONS = {
  'users:read': 'See all users and their profiles.',
  'users:write': 'Create, change, disable and delete users, and reset their passwords.',
  'tokens:read': 'See the tokens of all users.',
  'tokens:write': 'Create, change and revoke the tokens of all users.',
  'tokens:introspect': 'Ask whom a presented token belongs to (RFC 7662).',
  'roles:read': 'See roles and what they permit.',
  'roles:write': 'Create, change and delete roles.',
  'audit:read': 'Read the audit trail.',
  'stats:read': 'See the figures of the home screen.',
  'settings:read': 'See the effective configuration, without secrets.',
  'metrics:read': 'Read the metrics.',
} as const;

/** A permission of the server itself, such as `users:write`. */
export type BuiltInPermission = keyof typeof BUILT_IN_PERMISSIONS;

/** A permission's form: a resource, a colon, an action. */
export const PERMISSION_PATTERN = /^[a-z][a-z0-9-]{0,63}:[a-z][a-z0-9-]{0,63}$/;

/** What is said of a text that is no permission. */
export const PERMISSION_MESSAGE = 'a permission is a resource, a colon and an action, such as reports:read';

/** Whether a text has the form of a permission; only a server knows whether it is registered. */
export function isPermission(text: string): boolean {
  return PERMISSION_PATTERN.test(text);
}
