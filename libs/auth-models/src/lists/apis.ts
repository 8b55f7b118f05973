/** Pattern of the name of an API. It is the part of its permissions before the colon. */
export const API_NAME_PATTERN = /^[a-z][a-z0-9-]{0,63}$/;

/** Message about a text that does not match {@link API_NAME_PATTERN}. */
export const API_NAME_MESSAGE =
  'an API name has up to 64 lower-case letters, digits and hyphens, and starts with a letter';

/**
 * Names that an API cannot have, besides those of the server's own APIs. The server already uses them, or a
 * later release may.
 */
export const RESERVED_API_NAMES: readonly string[] = [
  'access',
  'admin',
  'audit',
  'auth',
  'clients',
  'events',
  'explanations',
  'health',
  'keys',
  'latchkey',
  'links',
  'me',
  'metrics',
  'openid',
  'permissions',
  'problems',
  'requests',
  'revocations',
  'scope',
  'sessions',
  'settings',
  'stats',
  'templates',
  'verifiers',
];

/** Returns the API of a permission: `orders` for `orders:read`. */
export function apiOf(permission: string): string {
  return permission.slice(0, permission.indexOf(':'));
}
