import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  DISPLAY_NAME_MAX_LENGTH,
  EMAIL_MAX_LENGTH,
  NOTE_MAX_LENGTH,
  PAGE_SIZE_MAX,
  SEARCH_MAX_LENGTH,
  USER_KINDS,
} from '@latchkey/auth-models';
import { MEMBER_EXAMPLES } from '../../apps/api/src/representation/member-examples.js';
import { serverIn, ServerProcess } from '../support/server-process.js';
import { OPERATION_IDS } from './operation-ids.js';
import { TestServer } from '../support/test-server.js';

interface Schema {
  type?: string;
  enum?: string[];
  required?: string[];
  items?: Schema;
  properties?: Record<string, Schema>;
  [constraint: string]: unknown;
}

interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  security?: Record<string, string[]>[];
  responses: Record<string, { content?: Record<string, unknown> }>;
  parameters?: { name: string; required?: boolean; schema?: Schema }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: { $ref: string } }> };
  'x-required-permissions'?: string[];
}

interface ApiDocument {
  openapi: string;
  info: { description: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; securitySchemes: Record<string, unknown> };
}

/** Addresses with a fixed type for people and tools, which are no part of the API. */
const NOT_API = /^\/($|admin|docs|openapi\.json$)/;

let folder: string;
let server: ServerProcess;
let document: ApiDocument;
let routes: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-process-'));
  server = await ServerProcess.start(serverIn(folder));
  document = (await server.client.request<ApiDocument>('GET', '/openapi.json')).body;
  const application = await TestServer.start();
  ({ routes } = application);
  await application.remove();
});

afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      route: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );

const operationOf = (route: string) => operations().find((operation) => operation.route === route)?.operation;

const schemaOf = (name: string) => document.components.schemas[name] ?? {};

const VERIFY = ['GET /auth/verify', 'HEAD /auth/verify'];

describe('the OpenAPI document of the built server', () => {
  it('B11 own secret: takes secrets in the members that are listed here, and in no other', () => {
    const taken = operations().flatMap(({ route, operation: { requestBody } }) =>
      Object.values(requestBody?.content ?? {}).flatMap(({ schema }) =>
        Object.keys(document.components.schemas[schema.$ref.split('/').at(-1) ?? '']?.properties ?? {})
          .filter((member) => /secret|password|^token$/i.test(member))
          .map((member) => `${route} ${member}`),
      ),
    );

    expect([...new Set(taken)].sort()).toEqual([
      'POST /auth/introspect token',
      'POST /auth/set-up password',
      'POST /auth/set-up secret',
      'POST /users password',
      'PUT /me/password currentPassword',
      'PUT /me/password newPassword',
      'PUT /users/{name}/password password',
    ]);
  });

  it('has every route of the application, and no other', () => {
    const documented = operations().map(({ route }) => route);
    const registered = routes
      .filter((route) => !NOT_API.test(route.split(' ')[1] ?? ''))
      .map((route) => route.replace(/:(\w+)/g, '{$1}'));
    // Wherever there is GET there is HEAD; the document says so once, and has the one that gateways ask by.
    const implied = registered.filter(
      (route) =>
        route.startsWith('HEAD ') &&
        !VERIFY.includes(route) &&
        registered.includes(route.replace('HEAD', 'GET')),
    );

    expect(documented.sort()).toEqual(registered.filter((route) => !implied.includes(route)).sort());
    expect(document.info.description).toContain('HEAD is answered as GET is');
    expect(documented.length).toBeGreaterThan(12);
  });

  it('says of every operation what it does, what it answers, and how it fails', () => {
    const withBodies = operations().filter(({ route }) => !VERIFY.includes(route));
    const silent = withBodies.filter(
      ({ operation: { summary, description, responses } }) =>
        !(summary ?? description) ||
        !Object.keys(responses).some((status) => /^2\d\d$/.test(status)) ||
        !responses.default?.content?.['application/problem+json'],
    );

    expect(silent.map(({ route }) => route)).toEqual([]);
  });

  it.each(VERIFY)('says that %s answers gateways with four statuses, and never with a body', (route) => {
    const responses = operationOf(route)?.responses ?? {};

    expect(Object.keys(responses)).toEqual(['200', '401', '403', '503']);
    expect(Object.values(responses).filter((response) => response?.content)).toEqual([]);
  });

  it('names every operation for generated clients', () => {
    const ids = operations().map(({ route, operation }) => `${operation.operationId}: ${route}`);

    expect(ids.sort()).toEqual(OPERATION_IDS);
    expect(new Set(operations().map(({ operation }) => operation.operationId)).size).toBe(ids.length);
  });

  it('says that a change is a merge patch, or plain JSON', () => {
    const changes = operations().filter(({ route }) => route.startsWith('PATCH '));

    expect(changes.map(({ operation }) => Object.keys(operation.requestBody?.content ?? {}))).toEqual(
      changes.map(() => ['application/json', 'application/merge-patch+json']),
    );
    expect(changes.length).toBeGreaterThan(3);
  });

  it('says of every array how XML has it', () => {
    const { schema } = operationOf('GET /users')?.responses['200']?.content?.['application/xml'] as {
      schema: Schema;
    };

    expect(schemaOf('UserDto').properties?.roles).toMatchObject({
      type: 'array',
      xml: { wrapped: true },
      items: { type: 'string', xml: { name: 'i' } },
    });
    expect(schema.properties?.items).toMatchObject({
      xml: { wrapped: true },
      items: { allOf: [{ $ref: '#/components/schemas/UserDto' }], xml: { name: 'i' } },
    });
  });

  it.each([
    ['POST /auth/login', '200'],
    ['POST /me/tokens', '201'],
    ['POST /users/{name}/tokens', '201'],
    ['POST /tokens/{id}/rotate', '200'],
  ])('says that %s can be asked for plain text', (route, status) => {
    expect(Object.keys(operationOf(route)?.responses[status]?.content ?? {})).toContain('text/plain');
  });

  it('says which credential and which permissions each operation needs', () => {
    const open = operations().filter(({ operation }) => (operation.security ?? []).length === 0);
    const ofAnybody = operations().filter(
      ({ operation }) => operation['x-required-permissions'] === undefined,
    );

    const expected = ['GET /health/live', 'GET /health/ready', 'POST /auth/set-up'];
    expect(open.map(({ route }) => route).sort()).toEqual(expected);
    expect(ofAnybody.map(({ route }) => route).sort()).toEqual(expected);
    expect(operationOf('POST /auth/login')?.security).toEqual([{ basic: [] }]);
    expect(operationOf('POST /users')).toMatchObject({
      security: [{ token: [] }, { bearer: [] }],
      'x-required-permissions': ['users:write'],
    });
  });

  it('names only security schemes that it describes', () => {
    const named = operations().flatMap(({ operation }) => (operation.security ?? []).flatMap(Object.keys));

    expect(Object.keys(document.components.securitySchemes)).toEqual(
      expect.arrayContaining([...new Set(named)]),
    );
  });

  it('names schemas as the models are named', () => {
    const names = Object.keys(document.components.schemas);

    expect(names.filter((name) => !name.endsWith('Dto'))).toEqual([]);
  });

  it('has every reference it makes', () => {
    const named = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );

    expect([...new Set(named)].filter((name) => !(String(name) in document.components.schemas))).toEqual([]);
  });

  it.each<[string, string, Schema]>([
    ['LoginDto', 'note', { type: 'string', maxLength: NOTE_MAX_LENGTH }],
    ['CreateUserDto', 'displayName', { minLength: 1, maxLength: DISPLAY_NAME_MAX_LENGTH }],
    ['CreateUserDto', 'email', { format: 'email', maxLength: EMAIL_MAX_LENGTH }],
    ['CreateUserDto', 'kind', { enum: [...USER_KINDS] }],
    ['CreateUserDto', 'enabled', { type: 'boolean' }],
    ['CreateUserDto', 'roles', { type: 'array', uniqueItems: true }],
    ['SetUpDto', 'secret', { minLength: 1, maxLength: 128 }],
  ])('tells the limits of %s.%s', (schema, property, constraints) => {
    expect(schemaOf(schema).properties?.[property]).toMatchObject(constraints);
  });

  it('tells which members must be there', () => {
    expect(schemaOf('CreateUserDto').required).toEqual(['name']);
    expect(schemaOf('LoginDto').required).toBeUndefined();
    expect(schemaOf('SetUpDto').required?.sort()).toEqual(['password', 'secret']);
    expect(schemaOf('UserTokenDto').required?.sort()).toEqual([
      'creationTime',
      'enabled',
      'id',
      'kind',
      'state',
      'tokenPreview',
      'user',
      'version',
    ]);
  });

  it('tells the limits of parameters', () => {
    const parameters = operationOf('GET /users')?.parameters ?? [];
    const limits = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));

    expect(limits).toMatchObject({
      page: { minimum: 1 },
      size: { minimum: 1, maximum: PAGE_SIZE_MAX },
      q: { maxLength: SEARCH_MAX_LENGTH },
      kind: { enum: [...USER_KINDS] },
    });
    expect(parameters.filter(({ required }) => required)).toEqual([]);
  });

  it('tells that the body of a log-in may be left out, and that of a new user not', () => {
    expect(operationOf('POST /auth/login')?.requestBody?.required).toBe(false);
    expect(operationOf('POST /users')?.requestBody?.required).toBe(true);
  });

  it('shows what every member looks like', () => {
    const speaksForItself = ({ type, enum: values, items }: Schema) =>
      type === undefined || type === 'boolean' || values || items?.enum || (items && !items.type);
    const silent = Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, property]) => !speaksForItself(property) && property.example === undefined)
        .map(([member]) => `${name}.${member}`),
    );

    expect(silent).toEqual([]);
  });

  it('has an example for no member that there is not', () => {
    const members = Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) =>
      Object.keys(properties).flatMap((member) => [member, `${name}.${member}`]),
    );
    const parameters = operations().flatMap(({ operation }) =>
      (operation.parameters ?? []).map(({ name }) => name),
    );

    expect(
      Object.keys(MEMBER_EXAMPLES).filter((name) => ![...members, ...parameters].includes(name)),
    ).toEqual([]);
  });

  it('shows ids of tokens and names of users where many are changed', () => {
    expect(schemaOf('TokenBulkDto').properties?.ids?.example).toEqual(
      [0, 1].map(() => expect.stringMatching(/^[0-9a-f-]{36}$/)),
    );
    expect(schemaOf('UserBulkDto').properties?.ids).toMatchObject({
      description: expect.stringContaining('users by name'),
      example: ['anne', 'bert'],
    });
  });

  it('tells whole numbers and times from other numbers and texts', () => {
    expect(schemaOf('UserDto').properties).toMatchObject({
      version: { type: 'integer' },
      tokenCount: { type: 'integer' },
      creationTime: { type: 'string', format: 'date-time' },
    });
  });

  it('shows no member that stays inside', () => {
    expect(JSON.stringify(document)).not.toMatch(
      /passwordHash|setUpDigest|"digest"|previousDigest|stampTime/,
    );
  });
});
