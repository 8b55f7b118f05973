/** What everybody with a token may ask; on tokens of others the server looks further. */
const OF_ANYBODY =
  /^(POST \/auth\/(login|bump|logout)|GET \/auth\/session|(GET|HEAD) \/auth\/verify|\w+ \/me(\/.*)?|\w+ \/tokens(\/.*)?)$/;

const OPEN = new Set([
  'POST /auth/set-up',
  'GET /health/live',
  'GET /health/ready',
  'GET /openapi.json',
  'GET /docs',
]);

/** Whose permissions guard what is under an address. */
const RESOURCES: Record<string, string> = {
  users: 'users',
  roles: 'roles',
  permissions: 'roles',
  'audit-events': 'audit',
  stats: 'stats',
  settings: 'settings',
  metrics: 'metrics',
};

/** The permissions that the contract asks for; `undefined` = not even credentials. */
export function contractPermissions(route: string): string[] | undefined {
  if (OPEN.has(route)) {
    return undefined;
  }
  if (OF_ANYBODY.test(route)) {
    return [];
  }
  if (route === 'POST /auth/introspect') {
    return ['tokens:introspect'];
  }
  const [method, path = ''] = route.split(' ');
  const [, first = ''] = path.split('/');
  const resource = path.endsWith('/tokens') ? 'tokens' : RESOURCES[first];
  return [`${resource}:${method === 'GET' ? 'read' : 'write'}`];
}
