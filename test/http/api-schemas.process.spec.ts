import { describe, expect, it } from '@jest/globals';
import {
  BULK_IDS_MAX,
  DISPLAY_NAME_MAX_LENGTH,
  EMAIL_MAX_LENGTH,
  NOTE_MAX_LENGTH,
  PAGE_SIZE_MAX,
  PASSWORD_MAX_LENGTH,
  PASSWORD_DEFAULT_MIN_LENGTH,
  PERMISSION_PATTERN,
  PERMISSIONS_PER_ROLE_MAX,
  ROLE_NAME_PATTERN,
  ROLE_SORT_FIELDS,
  ROLES_PER_USER_MAX,
  SEARCH_MAX_LENGTH,
  SINGLE_LINE_PATTERN,
  TOKEN_SORT_FIELDS,
  USER_KINDS,
  USER_NAME_MAX_LENGTH,
  USER_NAME_PATTERN,
  USER_SORT_FIELDS,
} from '@latchkey/auth-models';
import { MEMBER_EXAMPLES } from '../../apps/api/src/http/openapi/schemas/member-examples.js';
import { useApiDocument, type Schema } from '../support/use-api-document.js';

const served = useApiDocument();

const parameterOf = (route: string, parameter: string) =>
  served.operationOf(route)?.parameters?.find(({ name }) => name === parameter)?.schema;

describe('the schemas of the OpenAPI document of the built server', () => {
  it('document the XML form of every array', () => {
    expect(served.schemaOf('UserDto').properties?.roles).toMatchObject({
      type: 'array',
      xml: { wrapped: true },
      items: { type: 'string', xml: { name: 'i' } },
    });
    expect(served.schemaOf('UserPageDto').properties?.items).toMatchObject({
      xml: { wrapped: true },
      items: { allOf: [{ $ref: '#/components/schemas/UserDto' }], xml: { name: 'i' } },
    });
  });

  it('are named like the models', () => {
    const names = Object.keys(served.document.components.schemas);

    expect(names.filter((name) => !name.endsWith('Dto'))).toEqual([]);
  });

  it.each([
    ['GET /users', 'UserPageDto', 'UserDto'],
    ['GET /roles', 'RolePageDto', 'RoleDto'],
    ['GET /apis', 'ApiPageDto', 'ApiDto'],
    ['GET /apis/{name}/usage', 'PermissionUsageListDto', 'PermissionUsageDto'],
    ['GET /tokens', 'UserTokenPageDto', 'UserTokenDto'],
    ['GET /me/tokens', 'UserTokenPageDto', 'UserTokenDto'],
    ['GET /users/{name}/tokens', 'UserTokenPageDto', 'UserTokenDto'],
    ['GET /audit-events', 'AuditEventPageDto', 'AuditEventDto'],
    ['GET /settings', 'SettingListDto', 'SettingDto'],
  ])('name the page of %s, %s, and its items, %s', (route, page, item) => {
    const content = served.operationOf(route)?.responses['200']?.content ?? {};

    expect(content['application/json']).toEqual({ schema: { $ref: `#/components/schemas/${page}` } });
    expect(served.schemaOf(page).required).toContain('items');
    expect(served.schemaOf(page).properties?.items?.items).toMatchObject({
      allOf: [{ $ref: `#/components/schemas/${item}` }],
    });
  });

  it('have no dangling reference', () => {
    const named = [...JSON.stringify(served.document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name,
    );

    expect(
      [...new Set(named)].filter((name) => !(String(name) in served.document.components.schemas)),
    ).toEqual([]);
  });

  it.each<[string, string, Schema]>([
    ['LoginDto', 'note', { type: 'string', maxLength: NOTE_MAX_LENGTH }],
    ['CreateUserDto', 'displayName', { minLength: 1, maxLength: DISPLAY_NAME_MAX_LENGTH }],
    ['CreateUserDto', 'email', { format: 'email', maxLength: EMAIL_MAX_LENGTH }],
    ['CreateUserDto', 'kind', { enum: [...USER_KINDS] }],
    ['CreateUserDto', 'enabled', { type: 'boolean' }],
    ['CreateUserDto', 'roles', { type: 'array', uniqueItems: true }],
    ['SetUpDto', 'secret', { minLength: 1, maxLength: 128 }],
  ])('have the limits of %s.%s', (schema, property, constraints) => {
    expect(served.schemaOf(schema).properties?.[property]).toMatchObject(constraints);
  });

  it.each<[string, string, Schema]>([
    ['CreateUserDto', 'name', { minLength: 1, maxLength: USER_NAME_MAX_LENGTH, pattern: USER_NAME_PATTERN }],
    ['CreateUserDto', 'displayName', { pattern: SINGLE_LINE_PATTERN }],
    ['CreateUserDto', 'password', { minLength: PASSWORD_DEFAULT_MIN_LENGTH, maxLength: PASSWORD_MAX_LENGTH }],
    ['CreateUserDto', 'roles', { maxItems: ROLES_PER_USER_MAX }],
    ['CreateRoleDto', 'name', { pattern: ROLE_NAME_PATTERN.source }],
    ['CreateRoleDto', 'permissions', { maxItems: PERMISSIONS_PER_ROLE_MAX }],
    ['UserBulkRequestDto', 'ids', { minItems: 1, maxItems: BULK_IDS_MAX }],
    ['SupersededSecretDto', 'uses', { type: 'integer' }],
    ['SupersededSecretDto', 'until', { type: 'string', format: 'date-time' }],
    ['ProblemDto', 'status', { type: 'integer' }],
  ])('derive the constraints of %s.%s from its validators', (schema, property, constraints) => {
    expect(served.schemaOf(schema).properties?.[property]).toMatchObject(constraints);
  });

  it.each([
    ['CreateUserDto', 'roles', ROLE_NAME_PATTERN],
    ['CreateTokenDto', 'permissions', PERMISSION_PATTERN],
  ])('derive the pattern of the items of %s.%s from their validator', (schema, property, { source }) => {
    expect(served.schemaOf(schema).properties?.[property]?.items).toMatchObject({ pattern: source });
  });

  it('require either ids or a filter in a bulk request', () => {
    const alternatives = [{ required: ['ids'] }, { required: ['filter'] }];

    expect(served.schemaOf('UserBulkRequestDto').oneOf).toEqual(alternatives);
    expect(served.schemaOf('TokenBulkRequestDto').oneOf).toEqual(alternatives);
  });

  it.each([
    ['GET /users', USER_SORT_FIELDS],
    ['GET /roles', ROLE_SORT_FIELDS],
    ['GET /tokens', TOKEN_SORT_FIELDS],
    ['GET /me/tokens', TOKEN_SORT_FIELDS],
    ['GET /users/{name}/tokens', TOKEN_SORT_FIELDS],
  ])('list the sort fields of %s', (route, fields) => {
    const pattern = new RegExp(String(parameterOf(route, 'sort')?.pattern));

    expect(fields.filter((field) => !pattern.test(field) || !pattern.test(`-${field}`))).toEqual([]);
    expect(fields.filter((field) => pattern.test(`${field}x`) || pattern.test(`${field},`))).toEqual([]);
  });

  it('derive types and formats of parameters from their validators', () => {
    expect(parameterOf('GET /audit-events', 'from')).toMatchObject({ type: 'string', format: 'date-time' });
    expect(parameterOf('GET /users', 'size')).toMatchObject({ type: 'integer' });
    const name = ROLE_NAME_PATTERN.source.slice(1, -1);
    expect(parameterOf('GET /users', 'role')?.pattern).toBe(`^${name}(,${name}){0,19}$`);
    expect(parameterOf('GET /tokens', 'state')?.pattern).toContain('active|expiring');
  });

  it('have no number that is not an integer', () => {
    const parameters = served.operations().flatMap(({ operation }) => operation.parameters ?? []);

    expect(JSON.stringify([served.document.components.schemas, parameters])).not.toContain('"type":"number"');
  });

  it('name the required members', () => {
    expect(served.schemaOf('CreateUserDto').required).toEqual(['name']);
    expect(served.schemaOf('LoginDto').required).toBeUndefined();
    expect(served.schemaOf('SetUpDto').required?.sort()).toEqual(['password', 'secret']);
    expect(served.schemaOf('UserTokenDto').required?.sort()).toEqual([
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

  it('have the limits of parameters', () => {
    const parameters = served.operationOf('GET /users')?.parameters ?? [];
    const limits = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));

    expect(limits).toMatchObject({
      page: { minimum: 1 },
      size: { minimum: 1, maximum: PAGE_SIZE_MAX },
      q: { maxLength: SEARCH_MAX_LENGTH },
      kind: { enum: [...USER_KINDS] },
    });
    expect(parameters.filter(({ required }) => required)).toEqual([]);
  });

  it('have an example for every member', () => {
    const speaksForItself = ({ type, enum: values, items }: Schema) =>
      type === undefined || type === 'boolean' || values || items?.enum || (items && !items.type);
    const silent = Object.entries(served.document.components.schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, property]) => !speaksForItself(property) && property.example === undefined)
        .map(([member]) => `${name}.${member}`),
    );

    expect(silent).toEqual([]);
  });

  it('have no example for an unknown member', () => {
    const members = Object.entries(served.document.components.schemas).flatMap(
      ([name, { properties = {} }]) =>
        Object.keys(properties).flatMap((member) => [member, `${name}.${member}`]),
    );
    const parameters = served
      .operations()
      .flatMap(({ operation }) => (operation.parameters ?? []).map(({ name }) => name));

    expect(
      Object.keys(MEMBER_EXAMPLES).filter((name) => ![...members, ...parameters].includes(name)),
    ).toEqual([]);
  });

  it('have examples of token ids and user names in bulk requests', () => {
    expect(served.schemaOf('TokenBulkRequestDto').properties?.ids?.example).toEqual(
      [0, 1].map(() => expect.stringMatching(/^[0-9a-f-]{36}$/)),
    );
    expect(served.schemaOf('UserBulkRequestDto').properties?.ids).toMatchObject({
      description: expect.stringContaining('users by name'),
      example: ['anne', 'bert'],
    });
  });

  it('distinguish integers and times from other numbers and texts', () => {
    expect(served.schemaOf('UserDto').properties).toMatchObject({
      version: { type: 'integer' },
      tokenCount: { type: 'integer' },
      creationTime: { type: 'string', format: 'date-time' },
    });
  });

  it('have no internal member', () => {
    const text = JSON.stringify(served.document);

    expect(text).not.toMatch(/passwordHash|setUpDigest|previousDigest|"stamp"/);
    // Verifiers send the digests of secrets that they have received. No response has one.
    const withDigest = Object.entries(served.document.components?.schemas ?? {})
      .filter(([, schema]) => JSON.stringify(schema).includes('"digest"'))
      .map(([name]) => name);
    expect(withDigest.sort()).toEqual(['ReportedRejectionDto', 'ReportedUseDto']);
  });
});
