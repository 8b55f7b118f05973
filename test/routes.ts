import { randomUUID } from 'node:crypto';
import { currentCode } from './support/authenticator.js';
import { ADMIN, newApi, newRole, newUser, PASSWORD } from './support/factories.js';
import { isChange, type Audit, type Route, type Routes } from './support/routes/route.js';

/** Name of the token template that every caller may use. */
export const TEMPLATE = 'template';

const NEW_PASSWORD = 'another long enough password';

/**
 * All routes of the API. The tests that cover every route read this table. It states what they expect, and
 * does not derive it from the server. `support/routes/route.ts` describes the members.
 */
const TABLE: Routes = {
  'POST /auth/login': {
    id: 'logIn',
    access: 'own',
    scheme: 'basic',
    audit: { action: 'authn_login_success', subject: 'user' },
    superseded: true,
    uncounted: true,
    issuesToken: true,
    namesTokens: 'own',
    body: { note: 'an example' },
  },
  'POST /auth/bump': { id: 'bumpSession', access: 'own', audit: 'none', version: 0, uncounted: true },
  'POST /auth/logout': {
    id: 'logOut',
    access: 'own',
    audit: { action: 'authn_logout', subject: 'token' },
    version: 0,
    takesEffect: true,
    superseded: true,
    uncounted: true,
  },
  'POST /auth/step-up': {
    id: 'stepUp',
    access: 'own',
    audit: { action: 'authn_step_up', subject: 'user' },
    body: { currentPassword: PASSWORD },
  },
  'GET /auth/session': {
    id: 'resumeSession',
    access: 'own',
    scheme: 'session-cookie',
    issuesToken: true,
    namesTokens: 'own',
    headers: { 'Sec-Fetch-Site': 'same-origin' },
  },
  'GET /auth/verify': { id: 'verifyToken', access: 'token' },
  'HEAD /auth/verify': { id: 'verifyTokenByHead', access: 'token' },
  'POST /auth/introspect': {
    id: 'introspectToken',
    access: 'tokens:introspect',
    audit: 'none',
    superseded: true,
    uncounted: true,
    body: async (at) => new URLSearchParams({ token: (await at.token()).token ?? '' }),
  },
  'POST /auth/revoke': {
    id: 'revokeSecret',
    access: 'token',
    others: 'tokens:write',
    audit: { action: 'authn_token_revoked', subject: 'token' },
    takesEffect: true,
    superseded: true,
    uncounted: true,
    body: async (at) => new URLSearchParams({ token: (await at.token()).token ?? '' }),
  },
  'GET /.well-known/oauth-authorization-server': { id: 'getOAuthMetadata', access: 'public' },
  'GET /auth/revocations': {
    id: 'followRevocations',
    access: 'tokens:introspect',
    query: () => `?verifier=${randomUUID()}&name=orders`,
  },
  'POST /auth/revocations/reports': {
    id: 'reportUses',
    access: 'tokens:introspect',
    audit: 'none',
    superseded: true,
    uncounted: true,
    body: () => ({ verifier: randomUUID(), number: 1, name: 'orders', local: 0, asked: 1, uses: [] }),
  },
  'POST /auth/report-leak': {
    id: 'reportLeak',
    access: 'public',
    audit: 'later',
    superseded: true,
    uncounted: true,
    body: async (at) => ({ tokens: [(await at.token()).token], source: 'gitleaks' }),
  },
  'POST /auth/set-up': {
    id: 'completeSetUp',
    access: 'public',
    audit: { action: 'authn_password_set', subject: 'user' },
    takesEffect: true,
    superseded: true,
    uncounted: true,
    body: async (at) => ({ secret: await at.setUpSecret(), password: NEW_PASSWORD }),
  },
  'POST /auth/claims/details': {
    id: 'getClaimDetails',
    access: 'public',
    audit: 'none',
    superseded: true,
    uncounted: true,
    body: async (at) => ({ secret: (await at.claimLink()).secret }),
  },
  'POST /auth/claims': {
    id: 'claimToken',
    access: 'public',
    audit: { action: 'authn_token_claimed', subject: 'token' },
    superseded: true,
    uncounted: true,
    issuesToken: true,
    namesTokens: 'own',
    body: async (at) => ({ secret: (await at.claimLink()).secret }),
    conflicts: [['offer_claimed', { body: async (at) => ({ secret: (await at.claimedLink()).secret }) }]],
  },

  'GET /me': { id: 'getMe', access: 'own', namesTokens: 'any' },
  'PATCH /me': {
    id: 'updateMe',
    access: 'own',
    audit: { action: 'user_updated', subject: 'user' },
    version: 0,
    namesTokens: 'own',
    body: { displayName: 'Anne', email: null, version: 0 },
  },
  'PUT /me/password': {
    id: 'changePassword',
    access: 'own',
    audit: { action: 'authn_password_change', subject: 'user' },
    version: 0,
    takesEffect: true,
    body: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
    conflicts: 'concurrent',
  },
  'GET /me/second-factors': { id: 'listSecondFactors', access: 'own' },
  'POST /me/second-factors/totp': {
    id: 'addTotp',
    access: 'own',
    fresh: true,
    audit: 'none',
    conflicts: 'concurrent',
  },
  'POST /me/second-factors/{id}/confirm': {
    id: 'confirmSecondFactor',
    access: 'own',
    fresh: true,
    audit: { action: 'authn_second_factor_added', subject: 'user' },
    param: async (at) => (await at.newTotp()).id,
    body: async (at) => ({ code: currentCode((await at.newTotp()).secret) }),
    conflicts: 'concurrent',
  },
  'DELETE /me/second-factors/{id}': {
    id: 'removeSecondFactor',
    access: 'own',
    fresh: true,
    audit: { action: 'authn_second_factor_removed', subject: 'user' },
    param: async (at) => (await at.secondFactor()).id,
  },
  'POST /me/recovery-codes': {
    id: 'createRecoveryCodes',
    access: 'own',
    fresh: true,
    audit: { action: 'authn_recovery_codes_created', subject: 'user' },
    body: async (at) => void (await at.secondFactor()),
    conflicts: [['conflict', { body: {} }]],
  },
  'GET /me/tokens': { id: 'listMyTokens', access: 'own', namesTokens: 'any' },
  'POST /me/tokens': {
    id: 'createMyToken',
    access: 'own',
    fresh: true,
    audit: { action: 'authn_token_created', subject: 'token' },
    version: 0,
    issuesToken: true,
    namesTokens: 'own',
    body: { note: 'nightly', permissions: [] },
    conflicts: [['token_limit', { body: async (at) => ({ note: await at.fillTokens(at.caller.name) }) }]],
  },
  'DELETE /me/tokens': {
    id: 'revokeMyOtherTokens',
    access: 'own',
    audit: { action: 'authn_token_revoked', subject: 'user' },
    version: 0,
    takesEffect: true,
    superseded: true,
  },
  'GET /me/offers': { id: 'listMyOffers', access: 'own', namesTokens: 'any' },
  'POST /me/offers': {
    id: 'requestToken',
    access: 'own',
    audit: { action: 'offer_created', subject: 'offer' },
    namesTokens: 'own',
    body: { template: TEMPLATE, note: 'nightly', reason: 'Backups of the shop' },
    conflicts: [['offer_limit', { body: async (at) => ({ template: await at.fillRequests() }) }]],
  },
  'DELETE /me/offers/{id}': {
    id: 'withdrawOffer',
    access: 'own',
    audit: { action: 'offer_revoked', subject: 'offer' },
    takesEffect: true,
    param: (at) => at.requestedOffer(at.caller),
    conflicts: [['conflict', { param: (at) => at.decidedOffer('reject', at.caller) }]],
  },
  'POST /me/offers/{id}/claim': {
    id: 'claimOffer',
    access: 'own',
    fresh: true,
    audit: { action: 'authn_token_claimed', subject: 'token' },
    issuesToken: true,
    namesTokens: 'own',
    param: (at) => at.decidedOffer('approve', at.caller),
    conflicts: [['conflict', { param: (at) => at.requestedOffer(at.caller) }]],
  },

  'GET /users': { id: 'listUsers', access: 'users:read', query: '?kind=human&sort=-lastLoginTime,name' },
  'POST /users': {
    id: 'createUser',
    access: 'users:write',
    fresh: true,
    audit: { action: 'user_created', subject: 'user' },
    body: () => newUser({ displayName: 'Bert', email: 'bert@example.org' }),
    conflicts: [['name_taken', { body: () => newUser({ name: ADMIN.name }) }]],
  },
  'GET /users/{name}': { id: 'getUser', access: 'users:read', param: (at) => at.owner() },
  'PATCH /users/{name}': {
    id: 'updateUser',
    access: 'users:write',
    fresh: true,
    audit: { action: 'user_updated', subject: 'user' },
    version: 0,
    takesEffect: true,
    capped: true,
    param: (at) => at.owner(),
    body: { displayName: 'Cleo', email: 'cleo@example.org', enabled: false, roles: ['user'], version: 0 },
    conflicts: [['last_administrator', { param: () => ADMIN.name, body: { enabled: false } }]],
  },
  'DELETE /users/{name}': {
    id: 'deleteUser',
    access: 'users:write',
    fresh: true,
    audit: { action: 'user_deleted', subject: 'user' },
    version: 0,
    takesEffect: true,
    capped: true,
    param: (at) => at.owner(),
    conflicts: [['last_administrator', { param: () => ADMIN.name }]],
  },
  'PUT /users/{name}/password': {
    id: 'resetPassword',
    access: 'users:write',
    fresh: true,
    audit: { action: 'authn_password_reset', subject: 'user' },
    version: 0,
    takesEffect: true,
    capped: true,
    param: (at) => at.owner(),
    body: { password: NEW_PASSWORD },
  },
  'POST /users/{name}/set-up-link': {
    id: 'makeSetUpLink',
    access: 'users:write',
    fresh: true,
    audit: { action: 'user_set_up_link_created', subject: 'user' },
    version: 0,
    takesEffect: true,
    capped: true,
    param: (at) => at.owner(),
  },
  'DELETE /users/{name}/throttle': {
    id: 'liftThrottle',
    access: 'users:write',
    audit: { action: 'authn_throttle_lifted', subject: 'user' },
    version: 0,
    capped: true,
    param: (at) => at.owner(),
  },
  'DELETE /users/{name}/second-factors': {
    id: 'resetSecondFactors',
    access: 'users:write',
    fresh: true,
    audit: { action: 'authn_second_factors_reset', subject: 'user' },
    version: 0,
    takesEffect: true,
    capped: true,
    param: (at) => at.owner(),
  },
  'GET /users/{name}/tokens': {
    id: 'listUserTokens',
    access: 'tokens:read',
    namesTokens: 'any',
    param: () => ADMIN.name,
  },
  'POST /users/{name}/tokens': {
    id: 'createUserToken',
    access: 'tokens:write',
    fresh: true,
    audit: { action: 'authn_token_created', subject: 'token' },
    version: 0,
    capped: true,
    issuesToken: true,
    namesTokens: 'own',
    param: (at) => at.owner(),
    body: { note: 'deployment' },
    conflicts: [['token_limit', { param: async (at) => at.fillTokens(await at.owner()), body: {} }]],
  },
  'DELETE /users/{name}/tokens': {
    id: 'revokeUserTokens',
    access: 'tokens:write',
    fresh: true,
    audit: { action: 'authn_token_revoked', subject: 'user' },
    version: 0,
    takesEffect: true,
    superseded: true,
    param: async (at) => (await at.token()).user,
  },
  'POST /users/{name}/offers': {
    id: 'createOffer',
    access: 'tokens:write',
    fresh: true,
    audit: { action: 'offer_created', subject: 'offer' },
    version: 0,
    capped: true,
    namesTokens: 'own',
    param: (at) => at.owner(),
    body: { note: 'deployment', expiresIn: 86_400 },
    conflicts: [['offer_limit', { param: (at) => at.userAtOfferLimit(), body: {} }]],
  },
  'POST /users/import': {
    id: 'importUsers',
    access: 'users:write',
    fresh: true,
    audit: { action: 'user_created', subject: 'user', name: 'bulk' },
    body: () => ({ users: [newUser({ password: undefined, email: 'dora@example.org' })] }),
    conflicts: 'concurrent',
  },
  'POST /users/bulk': {
    id: 'changeUsers',
    access: 'users:write',
    fresh: true,
    audit: { action: 'user_updated', subject: 'user', name: 'bulk' },
    takesEffect: true,
    capped: true,
    body: async (at) => ({ action: 'disable', ids: [await at.owner(), 'nobody'] }),
    conflicts: [
      [
        'count_grown',
        { body: async (at) => ({ action: 'disable', filter: { q: await at.owner() }, expectedCount: 0 }) },
      ],
    ],
  },

  'GET /tokens': {
    id: 'listTokens',
    access: 'token',
    namesTokens: 'any',
    query: '?state=active&sort=-lastUsageTime,user',
  },
  'GET /tokens/{id}': {
    id: 'getToken',
    access: 'token',
    others: 'tokens:read',
    namesTokens: 'any',
    param: async (at) => (await at.token()).id,
  },
  'GET /tokens/{id}/usage': {
    id: 'getTokenUsage',
    access: 'token',
    others: 'tokens:read',
    namesTokens: 'any',
    param: async (at) => (await at.token()).id,
  },
  'PATCH /tokens/{id}': {
    id: 'updateToken',
    access: 'token',
    others: 'tokens:write',
    audit: { action: 'authn_token_updated', subject: 'token' },
    version: 0,
    takesEffect: true,
    namesTokens: 'own',
    param: (at) => at.limitedToken(),
    body: () => ({
      note: 'weekly',
      enabled: false,
      expirationTime: new Date(Date.now() + 3_600_000).toISOString(),
      permissions: [],
      version: 0,
    }),
    conflicts: [['conflict', { param: (at) => at.revokedToken(), body: { enabled: false } }]],
  },
  'DELETE /tokens/{id}': {
    id: 'revokeToken',
    access: 'token',
    others: 'tokens:write',
    audit: { action: 'authn_token_revoked', subject: 'token' },
    version: 0,
    takesEffect: true,
    superseded: true,
    uncounted: true,
    param: async (at) => (await at.token()).id,
  },
  'DELETE /tokens/{id}/superseded': {
    id: 'revokeSupersededSecret',
    access: 'token',
    others: 'tokens:write',
    audit: { action: 'authn_token_updated', subject: 'token' },
    version: 1,
    takesEffect: true,
    superseded: true,
    uncounted: true,
    param: (at) => at.rotatedToken(),
  },
  'POST /tokens/{id}/rotate': {
    id: 'rotateToken',
    access: 'token',
    others: 'tokens:write',
    fresh: true,
    audit: { action: 'authn_token_rotated', subject: 'token' },
    version: 0,
    takesEffect: true,
    capped: true,
    issuesToken: true,
    namesTokens: 'own',
    param: async (at) => (await at.token()).id,
    body: { gracePeriodSeconds: 60, version: 0 },
    conflicts: [
      ['conflict', { param: (at) => at.revokedToken(), body: {} }],
      ['conflict', { param: async (at) => (await at.token()).id, body: { version: 99 } }],
    ],
  },
  'POST /tokens/bulk': {
    id: 'changeTokens',
    access: 'token',
    others: 'tokens:write',
    fresh: true,
    audit: { action: 'authn_token_revoked', subject: 'token', name: 'bulk' },
    takesEffect: true,
    namesTokens: 'any',
    body: async (at) => ({ action: 'revoke', ids: [(await at.token()).id, 'unknown'] }),
    conflicts: [
      [
        'count_grown',
        {
          body: async (at) => ({
            action: 'disable',
            filter: { q: (await at.token()).note },
            expectedCount: 0,
          }),
        },
      ],
    ],
  },

  'GET /offers': {
    id: 'listOffers',
    access: 'tokens:read',
    namesTokens: 'any',
    query: '?sort=-creationTime,user',
  },
  'POST /offers/{id}/approve': {
    id: 'approveOffer',
    access: 'tokens:write',
    fresh: true,
    audit: { action: 'offer_approved', subject: 'offer' },
    capped: true,
    namesTokens: 'own',
    param: (at) => at.requestedOffer(),
    body: { reason: 'Agreed' },
    conflicts: [['conflict', { param: (at) => at.decidedOffer('reject'), body: {} }]],
  },
  'POST /offers/{id}/reject': {
    id: 'rejectOffer',
    access: 'tokens:write',
    audit: { action: 'offer_rejected', subject: 'offer' },
    takesEffect: true,
    namesTokens: 'own',
    param: (at) => at.requestedOffer(),
    body: { reason: 'Use the other job' },
    conflicts: [['conflict', { param: (at) => at.decidedOffer('reject'), body: {} }]],
  },
  'DELETE /offers/{id}': {
    id: 'revokeOffer',
    access: 'tokens:write',
    audit: { action: 'offer_revoked', subject: 'offer' },
    takesEffect: true,
    uncounted: true,
    param: async (at) => (await at.claimLink()).id,
    conflicts: [['offer_claimed', { param: async (at) => (await at.claimedLink()).id }]],
  },

  'GET /token-templates': { id: 'listTokenTemplates', access: 'token', query: '?sort=-creationTime' },
  'POST /token-templates': {
    id: 'createTokenTemplate',
    access: 'tokens:write',
    audit: { action: 'token_template_created', subject: 'token_template' },
    body: () => ({
      name: newRole().name,
      description: 'Nightly backups.',
      permissions: ['users:read'],
      roles: ['user'],
      expiresIn: 86_400,
      note: 'backup',
    }),
    conflicts: [['name_taken', { body: { name: TEMPLATE, expiresIn: 60 } }]],
  },
  'GET /token-templates/{name}': { id: 'getTokenTemplate', access: 'token', param: () => TEMPLATE },
  'PATCH /token-templates/{name}': {
    id: 'updateTokenTemplate',
    access: 'tokens:write',
    audit: { action: 'token_template_updated', subject: 'token_template' },
    version: 0,
    param: (at) => at.tokenTemplate(),
    body: {
      description: 'Weekly backups.',
      permissions: [],
      roles: [],
      expiresIn: 60,
      note: null,
      version: 0,
    },
    conflicts: [['conflict', { param: (at) => at.tokenTemplate(), body: { version: 99 } }]],
  },
  'DELETE /token-templates/{name}': {
    id: 'deleteTokenTemplate',
    access: 'tokens:write',
    audit: { action: 'token_template_deleted', subject: 'token_template' },
    version: 0,
    param: (at) => at.tokenTemplate(),
  },

  'GET /roles': { id: 'listRoles', access: 'roles:read' },
  'POST /roles': {
    id: 'createRole',
    access: 'roles:write',
    fresh: true,
    audit: { action: 'role_created', subject: 'role' },
    body: () => newRole({ description: 'Reads', permissions: ['users:read', 'tokens:read'] }),
    conflicts: [['name_taken', { body: { name: 'auditor' } }]],
  },
  'GET /roles/{name}': { id: 'getRole', access: 'roles:read', param: () => 'auditor' },
  'PATCH /roles/{name}': {
    id: 'updateRole',
    access: 'roles:write',
    fresh: true,
    audit: { action: 'role_updated', subject: 'role' },
    version: 0,
    takesEffect: true,
    param: (at) => at.role(),
    body: { description: 'Changed', permissions: [], version: 0 },
    conflicts: [['role_built_in', { param: () => 'auditor', body: { description: 'Changed' } }]],
  },
  'DELETE /roles/{name}': {
    id: 'deleteRole',
    access: 'roles:write',
    fresh: true,
    audit: { action: 'role_deleted', subject: 'role' },
    version: 0,
    takesEffect: true,
    param: (at) => at.role(),
    conflicts: [
      ['role_built_in', { param: () => 'auditor' }],
      ['role_in_use', { param: (at) => at.assignedRole() }],
    ],
  },

  'GET /roles/{name}/usage': { id: 'listRoleUsage', access: 'roles:read', param: () => 'auditor' },

  'GET /apis': { id: 'listApis', access: 'apis:read' },
  'POST /apis': {
    id: 'createApi',
    access: 'apis:write',
    audit: { action: 'api_created', subject: 'api' },
    body: () => ({ ...newApi('read', 'write'), description: 'Orders.' }),
    conflicts: [['name_taken', { body: async (at) => ({ name: await at.api() }) }]],
  },
  'GET /apis/{name}': { id: 'getApi', access: 'apis:read', param: () => 'users' },
  'GET /apis/{name}/usage': { id: 'listApiUsage', access: 'apis:read', param: () => 'users' },
  'PATCH /apis/{name}': {
    id: 'updateApi',
    access: 'apis:write',
    audit: { action: 'api_updated', subject: 'api' },
    version: 0,
    takesEffect: true,
    param: (at) => at.api(),
    body: { description: 'Changed', permissions: [], version: 0 },
    conflicts: [
      ['api_built_in', { param: () => 'users', body: { description: 'Changed' } }],
      ['permission_in_use', { param: (at) => at.usedApi(), body: { permissions: [] } }],
    ],
  },
  'DELETE /apis/{name}': {
    id: 'deleteApi',
    access: 'apis:write',
    audit: { action: 'api_deleted', subject: 'api' },
    version: 0,
    takesEffect: true,
    param: (at) => at.api(),
    conflicts: [
      ['api_built_in', { param: () => 'users' }],
      ['permission_in_use', { param: (at) => at.usedApi() }],
    ],
  },

  'GET /.well-known/latchkey': { id: 'getServerPolicy', access: 'public' },
  'GET /audit-events': {
    id: 'listAuditEvents',
    access: 'audit:read',
    namesTokens: 'any',
    query: '?outcome=success&action=user_created',
  },
  'GET /docs': { id: 'getApiPage', access: 'public' },
  'GET /explanations/{traceId}': {
    id: 'explainRequest',
    access: 'token',
    others: 'audit:read',
    namesTokens: 'any',
    param: async (at) => (await at.rejectedRequest()).traceId,
  },
  'POST /explanations': {
    id: 'explainLatest',
    access: 'token',
    audit: 'none',
    superseded: true,
    namesTokens: 'any',
    body: async (at) => ({ tokenId: (await at.rejectedRequest()).tokenId }),
  },
  'GET /health/live': { id: 'getLiveness', access: 'public' },
  'GET /health/ready': { id: 'getReadiness', access: 'public' },
  'GET /metrics': { id: 'getMetrics', access: 'metrics:read' },
  'GET /openapi.json': { id: 'getApiDocument', access: 'public' },
  'GET /problems': { id: 'listProblemTypes', access: 'public' },
  'GET /problems/{code}': { id: 'getProblemType', access: 'public', param: () => 'token_expired' },
  'GET /settings': { id: 'listSettings', access: 'settings:read' },
  'GET /stats': { id: 'getStats', access: 'stats:read' },
  'GET /verifiers': { id: 'listVerifiers', access: 'settings:read' },
};

/** All routes by method and path, such as `GET /users/{name}`. */
export const ROUTES: ReadonlyMap<string, Route> = new Map(Object.entries<Route>(TABLE));

/** Routes that change something. */
export const CHANGES = new Map([...ROUTES].filter(([route]) => isChange(route)));

/** Routes with an audit entry. */
export const AUDITED = [...CHANGES].flatMap(([route, { audit }]): [string, Audit][] =>
  typeof audit === 'object' ? [[route, audit]] : [],
);

/** Ids of all operations. Generated clients rely on them. */
export const OPERATION_IDS = [...ROUTES].map(([route, { id }]) => `${id}: ${route}`).sort();

/** Returns the routes with a property, sorted. */
export function routesWith(hasProperty: (route: Route) => unknown): string[] {
  return [...ROUTES].flatMap(([name, route]) => (hasProperty(route) ? [name] : [])).sort();
}

/** Returns the entry of a route. */
export function entryOf(route: string): Route {
  const entry = ROUTES.get(route);
  if (!entry) {
    throw new Error(`Add '${route}' to test/routes.ts.`);
  }
  return entry;
}

/** Public routes that are not part of the API: a redirect, the console, and the files of `/docs`. */
export const PAGES = ['GET /', 'GET /admin', 'GET /admin/*', 'GET /docs/*'];

/**
 * Routes that only the command line can call. They accept no tokens, so only its tests call them.
 */
export const OPERATOR_ROUTES = [
  'POST /operator/audit-keys',
  'POST /operator/audit-verifications',
  'POST /operator/clock-confirmations',
  'POST /operator/seal-keys',
  'POST /operator/user-imports',
];

/** Routes of the command line that change nothing. */
export const OPERATOR_READS = [
  'GET /operator/address',
  'GET /operator/untrusted-proxies',
  'HEAD /operator/address',
  'HEAD /operator/untrusted-proxies',
];
