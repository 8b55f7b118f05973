/**
 * Routes whose response names tokens that the request does not change. `token-visibility` sends requests to
 * each.
 */
export const TOKEN_READS = [
  'GET /audit-events',
  'GET /claim-links',
  'GET /explanations/{traceId}',
  'GET /me',
  'GET /me/token-requests',
  'GET /me/tokens',
  'GET /token-requests',
  'GET /tokens',
  'GET /tokens/{id}',
  'GET /tokens/{id}/usage',
  'GET /users/{name}/tokens',
  'POST /explanations',
  'POST /tokens/bulk',
] as const;

/** Routes whose response names only tokens that the request creates, changes or presents. */
export const TOKEN_CHANGES: readonly string[] = [
  'GET /auth/session',
  'PATCH /me',
  'PATCH /tokens/{id}',
  'POST /auth/claims',
  'POST /auth/login',
  'POST /me/token-requests',
  'POST /me/token-requests/{id}/claim',
  'POST /me/tokens',
  'POST /token-requests/{id}/approve',
  'POST /token-requests/{id}/reject',
  'POST /tokens/{id}/rotate',
  'POST /users/{name}/claim-links',
  'POST /users/{name}/tokens',
];
