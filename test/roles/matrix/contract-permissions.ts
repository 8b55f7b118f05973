import { FEATURE_ROUTES } from '../../support/feature-routes.js';

/** Routes that need a token but no permission. The server also checks access to tokens of others. */
const NEEDS_TOKEN_ONLY =
  /^(POST \/auth\/(login|bump|logout)|GET \/(auth\/session|token-templates(\/.*)?)|(GET|HEAD) \/auth\/verify|\w+ \/me(\/.*)?|\w+ \/(tokens|explanations)(\/.*)?)$/;

const PUBLIC = new Set([
  'POST /auth/claims',
  'POST /auth/claims/details',
  'POST /auth/report-leak',
  'POST /auth/set-up',
  'GET /health/live',
  'GET /health/ready',
  'GET /openapi.json',
  'GET /.well-known/latchkey',
  'GET /docs',
  'GET /problems',
  'GET /problems/{code}',
]);

/** Resource of the permissions for a path. */
const RESOURCES: Record<string, string> = {
  users: 'users',
  offers: 'tokens',
  roles: 'roles',
  apis: 'apis',
  'token-templates': 'tokens',
  'audit-events': 'audit',
  stats: 'stats',
  settings: 'settings',
  verifiers: 'settings',
  metrics: 'metrics',
};

/** Returns the permissions that the contract requires; `undefined` = no credentials either. */
export function contractPermissions(route: string): string[] | undefined {
  if (PUBLIC.has(route)) {
    return undefined;
  }
  if (NEEDS_TOKEN_ONLY.test(route)) {
    return [];
  }
  if (/^\w+ \/auth\/(introspect|revocations)/.test(route)) {
    return ['tokens:introspect'];
  }
  const feature = FEATURE_ROUTES[route];
  if (feature) {
    return feature.permissions;
  }
  const [method, path = ''] = route.split(' ');
  const [, first = ''] = path.split('/');
  const resource = /\/(tokens|offers)$/.test(path) ? 'tokens' : RESOURCES[first];
  return [`${resource}:${method === 'GET' ? 'read' : 'write'}`];
}
