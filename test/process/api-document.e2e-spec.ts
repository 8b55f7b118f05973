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
import { serverIn, ServerProcess } from '../support/server-process.js';
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

const VERIFY = 'GET /auth/verify';

describe('the OpenAPI document of the built server', () => {
  it('has every route of the application, and no other', () => {
    const documented = operations().map(({ route }) => route);
    const registered = routes
      .filter((route) => !route.startsWith('HEAD ') && !NOT_API.test(route.split(' ')[1] ?? ''))
      .map((route) => route.replace(/:(\w+)/g, '{$1}'));

    expect(documented.sort()).toEqual(registered.sort());
    expect(documented.length).toBeGreaterThan(12);
  });

  it('says of every operation what it does, what it answers, and how it fails', () => {
    const withBodies = operations().filter(({ route }) => route !== VERIFY);
    const silent = withBodies.filter(
      ({ operation: { summary, description, responses } }) =>
        !(summary ?? description) ||
        !Object.keys(responses).some((status) => /^2\d\d$/.test(status)) ||
        !responses.default?.content?.['application/problem+json'],
    );

    expect(silent.map(({ route }) => route)).toEqual([]);
  });

  it('says that verify answers gateways with four statuses, and never with a body', () => {
    const responses = operationOf(VERIFY)?.responses ?? {};

    expect(Object.keys(responses)).toEqual(['200', '401', '403', '503']);
    expect(Object.values(responses).filter((response) => response?.content)).toEqual([]);
  });

  it('says that log-in can be asked for plain text', () => {
    expect(Object.keys(operationOf('POST /auth/login')?.responses['200']?.content ?? {})).toContain(
      'text/plain',
    );
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
