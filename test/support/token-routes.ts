/**
 * Routes whose response names tokens that the request does not change. `token-visibility` sends requests to
 * each.
 */
export const TOKEN_READS = [
  'GET /audit-events',
  'GET /explanations/{traceId}',
  'GET /me',
  'GET /me/offers',
  'GET /me/tokens',
  'GET /offers',
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
  'POST /me/offers',
  'POST /me/offers/{id}/claim',
  'POST /me/tokens',
  'POST /offers/{id}/approve',
  'POST /offers/{id}/reject',
  'POST /tokens/{id}/rotate',
  'POST /users/{name}/offers',
  'POST /users/{name}/tokens',
];
