import { beforeAll, describe, expect, it } from '@jest/globals';
import { ERROR_CODES, HEADERS, RESPONSE_HEADERS } from '@latchkey/auth-models';
import { FEATURES } from '../../apps/api/src/features.js';
import proxies from '../../apps/admin/proxy.conf.mjs';
import { entryOf, OPERATION_IDS, ROUTES, routesWith, STRUCTURED } from '../routes.js';
import { TestServer } from '../support/test-server.js';
import { lintApiDocument } from '../support/lint-api-document.mjs';
import { useApiDocument } from '../support/use-api-document.js';

/** Paths with a fixed media type, and those of the command line, which are not part of the API. */
const NOT_API = /^\/($|admin|docs\/|operator\/|auth\/report-leak\/)/;

const VERIFY = ['GET /auth/verify', 'HEAD /auth/verify'];
/** Endpoints whose errors have the form of OAuth, in JSON. */
const OAUTH = ['POST /auth/introspect', 'POST /auth/revoke'];
const PATCHES = ['application/json', 'application/merge-patch+json'];

const served = useApiDocument();
let routes: string[];

beforeAll(async () => {
  const application = await TestServer.start({ features: FEATURES });
  ({ routes } = application);
  await application.remove();
});

describe('the OpenAPI document of the built server', () => {
  // Covers B11 in docs/explanation/security.md.
  it('accepts secrets only in the members that test/routes.ts lists', () => {
    const taken = served.operations().flatMap(({ route, operation: { requestBody } }) =>
      Object.values(requestBody?.content ?? {}).flatMap(({ schema }) =>
        Object.keys(served.document.components.schemas[schema.$ref.split('/').at(-1) ?? '']?.properties ?? {})
          .filter((member) => /secret|password|^tokens?$/i.test(member))
          .map((member) => `${route} ${member}`),
      ),
    );

    const listed = [...ROUTES].flatMap(([route, { acceptsSecrets = [] }]) =>
      acceptsSecrets.map((member) => `${route} ${member}`),
    );
    expect([...new Set(taken)].sort()).toEqual(listed.sort());
  });

  it('is valid OpenAPI 3.1, with valid schemas and paths', async () => {
    expect(await lintApiDocument(served.document)).toEqual([]);
  });

  it('has only paths that the development server of the console passes on', () => {
    const [pattern = ''] = Object.keys(proxies);

    const missing = Object.keys(served.document.paths).filter((path) => !new RegExp(pattern).test(path));

    expect(missing).toEqual([]);
    expect('/admin/main.js').not.toMatch(new RegExp(pattern));
  });

  it('has every route of the application, and no other', () => {
    const documented = served.operations().map(({ route }) => route);
    const registered = routes
      .filter((route) => !NOT_API.test(route.split(' ')[1] ?? ''))
      .map((route) => route.replace(/:(\w+)/g, '{$1}'));
    // Every GET route also has HEAD. The document says so once, and lists only the one that gateways use.
    const implied = registered.filter(
      (route) =>
        route.startsWith('HEAD ') &&
        !VERIFY.includes(route) &&
        registered.includes(route.replace('HEAD', 'GET')),
    );

    expect(documented.sort()).toEqual(registered.filter((route) => !implied.includes(route)).sort());
    expect(served.document.info.description).toContain('HEAD returns the same headers as GET');
    expect(documented.length).toBeGreaterThan(12);
  });

  it('describes purpose, responses and errors of every operation', () => {
    const withBodies = served.operations().filter(({ route }) => !VERIFY.includes(route));
    const silent = withBodies.filter(
      ({ route, operation: { summary, description, responses } }) =>
        !(summary ?? description) ||
        !Object.keys(responses).some((status) => /^2\d\d$/.test(status)) ||
        !responses.default?.content?.[
          OAUTH.includes(route) ? 'application/json' : 'application/problem+json'
        ],
    );

    expect(silent.map(({ route }) => route)).toEqual([]);
  });

  it.each(VERIFY)('documents four statuses without a body for %s', (route) => {
    const responses = served.operationOf(route)?.responses ?? {};

    expect(Object.keys(responses)).toEqual(['200', '401', '403', '503']);
    expect(Object.values(responses).filter((response) => response?.content)).toEqual([]);
  });

  it('has the listed routes whose response names tokens', () => {
    const { schemas } = served.document.components;
    const seenFrom = (value: unknown, seen = new Set<string>()): string => {
      const text = JSON.stringify(value) ?? '';
      for (const [, name = ''] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) {
        if (!seen.has(name)) {
          seen.add(name);
          seenFrom(schemas[name], seen);
        }
      }
      return [text, ...[...seen].map((name) => name + JSON.stringify(schemas[name]))].join();
    };
    const naming = served
      .operations()
      .filter(({ operation: { responses } }) =>
        Object.entries(responses).some(
          ([status, response]) =>
            status.startsWith('2') &&
            /"token(Id|Preview)"|TokenUsageDto|PresentedTokenDto/.test(seenFrom(response)),
        ),
      );

    expect(naming.map(({ route }) => route).sort()).toEqual(routesWith(({ namesTokens }) => namesTokens));
  });

  it('has an operation id for every operation', () => {
    const ids = served.operations().map(({ route, operation }) => `${operation.operationId}: ${route}`);

    expect(ids.sort()).toEqual(OPERATION_IDS);
    expect(new Set(served.operations().map(({ operation }) => operation.operationId)).size).toBe(ids.length);
  });

  it('has the media types in test/routes.ts', () => {
    const documented = served.operations().map(({ route, operation: { requestBody, responses } }) => {
      const [, success] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
      return {
        route,
        accepts: requestBody && Object.keys(requestBody.content),
        returns: success?.content && Object.keys(success.content),
      };
    });

    const stated = documented.map(({ route, accepts, returns }) => ({
      route,
      accepts:
        entryOf(route).accepts ?? (accepts && (route.startsWith('PATCH ') ? PATCHES : ['application/json'])),
      returns: entryOf(route).returns ?? (returns && STRUCTURED),
    }));
    expect(documented).toEqual(stated);
  });

  it('documents the problems with a body for every change, which rejects one that it does not take', () => {
    const changes = served.operations().filter(({ route }) => !/^(GET|HEAD) /.test(route));
    const withoutThem = changes.filter(({ route, operation: { responses } }) =>
      ['413', '415', OAUTH.includes(route) ? '400' : '422'].some((status) => responses[status] === undefined),
    );

    expect(changes.length).toBeGreaterThan(40);
    expect(withoutThem.map(({ route }) => route)).toEqual([]);
  });

  it('documents header fields of responses that pages of other origins may read', () => {
    const documented = served
      .operations()
      .flatMap(({ operation }) => Object.values(operation.responses))
      .flatMap(({ headers = {} }) => Object.keys(headers));

    expect([...new Set(documented)].sort()).toEqual(Object.values<string>(RESPONSE_HEADERS).sort());
  });

  it('documents credential and permissions of every operation', () => {
    const open = served.operations().filter(({ operation }) => operation.security?.length === 0);
    const withoutPermission = served
      .operations()
      .filter(({ operation }) => operation['x-required-permissions'] === undefined);

    const expected = routesWith(({ access }) => access === 'public');
    expect(open.map(({ route }) => route).sort()).toEqual(expected);
    expect(withoutPermission.map(({ route }) => route).sort()).toEqual(expected);
    expect(served.operationOf('POST /auth/login')?.security).toEqual([{ basic: [] }]);
    expect(served.operationOf('POST /users')).toMatchObject({
      security: [{ token: [] }, { bearer: [] }],
      'x-required-permissions': ['users:write'],
    });
  });

  it('names the header fields in HEADERS, and no others', () => {
    const { securitySchemes } = served.document.components;
    const documented = [
      ...served
        .operations()
        .flatMap(({ operation }) => [
          ...(operation.parameters ?? []).filter((parameter) => parameter.in === 'header'),
          ...Object.values(operation.responses).flatMap(({ headers = {} }) =>
            Object.keys(headers).map((name) => ({ name })),
          ),
        ]),
      ...(Object.values(securitySchemes) as { in?: string; name: string }[]).filter(
        (scheme) => scheme.in === 'header',
      ),
    ].map(({ name }) => name);
    const names = Object.values<string>(HEADERS);

    expect([...new Set(documented)].filter((name) => !names.includes(name))).toEqual([]);
    expect(names.filter((name) => !JSON.stringify(served.document).includes(name))).toEqual([]);
    // Every operation has these, so the introduction describes them.
    const introduced = names.filter((name) => !documented.includes(name));
    expect(introduced.filter((name) => !served.document.info.description.includes(name))).toEqual([
      'Accept-Encoding',
    ]);
  });

  it('uses only security schemes that it describes', () => {
    const named = served
      .operations()
      .flatMap(({ operation }) => (operation.security ?? []).flatMap(Object.keys));

    expect(Object.keys(served.document.components.securitySchemes)).toEqual(
      expect.arrayContaining([...new Set(named)]),
    );
  });

  it('requires a body for a new user, but not for a login', () => {
    expect(served.operationOf('POST /auth/login')?.requestBody?.required).toBe(false);
    expect(served.operationOf('POST /users')?.requestBody?.required).toBe(true);
  });

  it('requires no body for patches, which may change nothing', () => {
    const patches = served.operations().filter(({ route }) => route.startsWith('PATCH '));

    expect(patches.map(({ operation }) => operation.requestBody?.required)).toEqual(patches.map(() => false));
  });

  it('describes every parameter', () => {
    const parameters = served
      .operations()
      .flatMap(({ route, operation }) => (operation.parameters ?? []).map((each) => ({ route, ...each })));

    expect(parameters).toContainEqual(
      expect.objectContaining({ route: 'GET /users/{name}', name: 'name', description: 'Name of the user.' }),
    );
    expect(parameters.filter(({ description }) => !description)).toEqual([]);
  });

  it('describes every error code, with its status and a remedy', () => {
    const code = served.schemaOf('ProblemDto').properties?.['code'];
    const described = code?.['x-enumDescriptions'] ?? {};
    const explanations = code?.['x-explanations'] ?? {};

    expect(Object.keys(described)).toEqual(Object.keys(ERROR_CODES));
    expect(Object.keys(explanations)).toEqual(Object.keys(ERROR_CODES));
    expect(described).toMatchObject({ name_taken: '409: The name is already in use.' });
  });
});
