import { beforeAll, describe, expect, it } from '@jest/globals';
import { FEATURES } from '../../apps/api/src/features.js';
import { CHANGES, entryOf, routesWith } from '../routes.js';
import { type ApiResponse, type Headers } from '../support/api-client.js';
import { Fixtures, type PreparedRequest } from '../support/routes/fixtures.js';
import { useServer } from '../support/use-server.js';

const server = useServer({ features: FEATURES });
let fixtures: Fixtures;

beforeAll(async () => {
  fixtures = await Fixtures.on(server.client);
});

const VERSIONED = routesWith(({ version }) => version !== undefined);
const PATCHES = VERSIONED.filter((route) => route.startsWith('PATCH '));
/** Routes that create a resource, change many, or name none. */
const WITHOUT_VERSION = [...CHANGES.keys()].filter((route) => !VERSIONED.includes(route));

/** Body of a problem or of a resource. */
type Body = Partial<Record<string, unknown>>;

/** Returns a list in the opposite order, and other values unchanged. */
const reversed = (value: unknown) => (Array.isArray(value) ? [...(value as unknown[])].reverse() : value);

const entries = () => server.database.query('SELECT "id" FROM "audit_events"');

/** Sends a request with a condition, and with this version in the body. */
function send(
  { method, path, headers, body }: PreparedRequest,
  condition: Headers,
  version?: number,
): Promise<ApiResponse<Body>> {
  return server.client.request<Body>(method, path, {
    headers: { ...headers, ...condition },
    body: body instanceof URLSearchParams ? body : body && { ...body, version },
  });
}

describe.each(PATCHES)('%s without a change', (route) => {
  it.each([
    ['an empty body', () => ({})],
    [
      'the present values',
      (names: string[], present: Body) =>
        Object.fromEntries(names.map((name) => [name, present[name] ?? null])),
    ],
    [
      'the present values, with lists in another order',
      (names: string[], present: Body) =>
        Object.fromEntries(names.map((name) => [name, reversed(present[name]) ?? null])),
    ],
  ])('returns 200 and keeps version and audit trail for %s', async (_, bodyOf) => {
    const request = await fixtures.requestTo(route);
    const { path, headers } = request;
    const { body: before } = await server.client.request<Body>('GET', path, { headers });
    const names = Object.keys(request.body as object).filter((name) => name !== 'version');
    const recorded = await entries();

    const changed = await send({ ...request, body: bodyOf(names, before) }, { 'If-Match': '"0"' });

    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"0"']);
    const { effectiveBy: __, ...present } = changed.body;
    expect(present).toEqual(before);
    expect(await entries()).toEqual(recorded);
  });

  it('returns 428 without a version, and 412 for another one', async () => {
    const request = await fixtures.requestTo(route);

    const answers = [await send(request, {}), await send(request, { 'If-Match': '"7"' })];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [428, 'precondition_required'],
      [412, 'precondition_failed'],
    ]);
  });

  it('must match If-Match together with the version', async () => {
    const request = await fixtures.requestTo(route);
    const conditions: [ifMatch: string, version: number][] = [
      ['"0"', 7],
      ['*', 7],
      ['"7"', 0],
      ['"0"', 0],
    ];

    const answers = [];
    for (const [ifMatch, version] of conditions) {
      const { status, body } = await send(request, { 'If-Match': ifMatch }, version);
      answers.push([status, body.code]);
    }

    expect(answers).toEqual([
      [409, 'conflict'],
      [409, 'conflict'],
      [412, 'precondition_failed'],
      [200, undefined],
    ]);
  });
});

describe.each(VERSIONED)('If-Match on %s, whose version test/routes.ts states', (route) => {
  it('returns 412 for a stale version and changes nothing, and succeeds for the current one', async () => {
    const request = await fixtures.requestTo(route);
    const recorded = await entries();

    const stale = await send(request, { 'If-Match': '"7"' });
    const unchanged = await entries();
    const etag = `"${entryOf(route).version}"`;
    const current = await send(request, { 'If-Match': `W/${etag}, ${etag}` });

    expect([stale.status, stale.body]).toMatchObject([412, { code: 'precondition_failed' }]);
    expect(unchanged).toEqual(recorded);
    expect([200, 201, 204]).toContain(current.status);
  });
});

describe('If-Match', () => {
  it.each([...CHANGES.keys()])('succeeds for * on %s', async (route) => {
    const { status } = await send(await fixtures.requestTo(route), { 'If-Match': '*' });

    expect([200, 201, 202, 204]).toContain(status);
  });

  it.each(WITHOUT_VERSION)('returns 412 with any ETag on %s, which has no version', async (route) => {
    const { status } = await send(await fixtures.requestTo(route), { 'If-Match': '"0"' });

    expect(status).toBe(412);
  });

  it('returns 412 for the throttle of an unknown name', async () => {
    const lift = (condition: Headers) =>
      server.client.liftThrottle('nobody', { ...fixtures.admin.headers, ...condition });

    const answers = [await lift({ 'If-Match': '"0"' }), await lift({ 'If-Match': '*' }), await lift({})];

    expect(answers.map(({ status }) => status)).toEqual([412, 412, 204]);
  });
});
