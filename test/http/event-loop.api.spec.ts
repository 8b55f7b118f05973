import { deflateSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type AuditEventDto, type CursorPageDto } from '@latchkey/auth-models';
import { type Headers } from '../support/api-client.js';
import { describeOnce, sampleInputs } from '../support/deep.js';
import { newUser } from '../support/factories.js';
import { isChange } from '../support/routes/route.js';
import { useAdmin, useServer } from '../support/use-server.js';
import { DocumentedApi } from './operations/documented-api.js';

/** Work at a time, as a multiple of {@link measureFixedWork}: about 100 ms of processor time. */
const WORK_MAX = 25;
const NUMBERS = Array.from({ length: 30_000 }, (_, index) => index).join();
const ANSWER_MAX_BYTES = 65_536;
/** Garbage collection and other threads can slow some attempts, but not all. */
const ATTEMPTS = 10;

/** One in this number of routes gets each input that no route expects. */
const SHARE = 8;

/** Documents with fixed content, which no request can enlarge. */
const DOCUMENTS = /^GET \/(docs|openapi\.json|admin|$)/;

/** Members of request bodies with text. */
const TEXT_MEMBERS = (
  'name displayName email note description secret password currentPassword newPassword expirationTime roles ' +
  'permissions action role ids token token_type_hint'
).split(' ');
const TEXT_PARAMETERS = ['q', 'user', 'role', 'actor', 'subject', 'sort', 'from', 'cursor', 'descendants'];

interface Oversized {
  readonly body?: string;
  readonly query?: string;
  readonly contentType?: string;
  /** Member or parameter with the text. It is sent to the routes that accept one of this name. */
  readonly name?: string;
}

const many = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
/** Alternating combining marks of two classes: normalization sorts them in quadratic time. */
const marks = `a${'\u0301\u0316'.repeat(25_000)}`;

/**
 * Inputs for every route, or for those that accept the name: others reject it before they read the text. A
 * body is sent only if the method has one.
 */
const OVERSIZED: Record<string, Oversized> = {
  '5,000 members': { body: JSON.stringify(Object.fromEntries(many(5_000, (index) => [`m${index}`, index]))) },
  '5,000 nested members': {
    body: JSON.stringify({ filter: many(5_000, (index) => ({ [index]: index })) }),
  },
  '5,000 items': {
    body: JSON.stringify({ action: 'revoke', ids: many(5_000, String), roles: many(5_000, String) }),
  },
  '5,000 members of one name': { body: `{${many(5_000, () => '"name":1').join(',')}}` },
  '5,000 names of a form': {
    body: many(5_000, (index) => index.toString(36)).join('&'),
    contentType: 'application/x-www-form-urlencoded',
  },
  '100 levels': { body: `{"filter":${'['.repeat(100)}${']'.repeat(100)}}` },
  '50,000 levels': { body: '['.repeat(50_000) },
  'a name of 100 KB': { body: JSON.stringify({ [marks]: 1 }) },
  '5,000 query names': { query: many(5_000, (index) => index.toString(36)).join('&') },
  '2,000 query names': { query: many(2_000, (index) => index.toString(36)).join('&') },
  'a query name of 8 KB': { query: "'".repeat(8_000) },
  ...Object.fromEntries(
    TEXT_MEMBERS.map((name) => [
      `combining marks in ${name}`,
      { body: JSON.stringify({ [name]: marks }), name },
    ]),
  ),
  ...Object.fromEntries(
    TEXT_PARAMETERS.map((name) => [
      `combining marks in the parameter ${name}`,
      { query: `${name}=a${encodeURIComponent(marks.slice(1, 1_300))}`, name },
    ]),
  ),
};

const server = useServer();
const asAdmin = useAdmin(server);
/** Maximum of work at a time on this machine, in milliseconds. */
let limit: number;

beforeAll(() => {
  limit = WORK_MAX * Math.min(...many(ATTEMPTS, measureFixedWork));
});

/**
 * Measures work of about 4 ms in code that no change of the server can slow down. A limit that depends on a
 * request would rise with the time that all requests take.
 */
function measureFixedWork(): number {
  const before = process.cpuUsage();
  deflateSync(NUMBERS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3;
}

/**
 * Sends a request, and measures the most work between two turns of the event loop, in milliseconds of
 * processor time. Other processes can lengthen a turn, but hardly its processor time.
 */
async function measure(method: string, path: string, headers: Headers, body?: string) {
  let milliseconds = 0;
  let last = process.cpuUsage();
  const record = () => {
    const { user, system } = process.cpuUsage(last);
    milliseconds = Math.max(milliseconds, (user + system) / 1e3);
    last = process.cpuUsage();
  };
  const onTurn = () => {
    record();
    next = setImmediate(onTurn);
  };
  let next = setImmediate(onTurn);
  try {
    const answer = await fetch(server.client.baseUrl + path, {
      method,
      redirect: 'manual',
      headers: { ...asAdmin, ...headers },
      ...(body !== undefined && { body }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    record();
    return { status: answer.status, headers: answer.headers, bytes, milliseconds };
  } finally {
    clearImmediate(next);
  }
}

/** Returns the attempt with the least work at a time. Repeats the request while each took too much. */
async function measureAgain(...request: Parameters<typeof measure>) {
  let best = await measure(...request);
  for (let attempt = 1; attempt < ATTEMPTS && best.milliseconds > limit; attempt += 1) {
    const next = await measure(...request);
    best = next.milliseconds < best.milliseconds ? next : best;
  }
  return best;
}

async function findProblems(route: string, what: string, oversized: Oversized): Promise<string[]> {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replace(/:\w+/, 'nobody').replace('*', 'x');
  const address = oversized.query === undefined ? path : `${path}?${oversized.query}`;
  const { status, bytes, milliseconds } = await measureAgain(
    method,
    address,
    { 'Content-Type': oversized.contentType ?? 'application/json', Accept: 'application/yaml' },
    oversized.body,
  );
  const isDocument = DOCUMENTS.test(route) && status < 400;
  return [
    ...(status >= 500 ? [`${route} with ${what}: ${status}`] : []),
    ...(milliseconds > limit ? [`${route} with ${what}: ${milliseconds} ms`] : []),
    ...(bytes.length > ANSWER_MAX_BYTES && !isDocument
      ? [`${route} with ${what}: ${bytes.length} bytes`]
      : []),
  ];
}

describeOnce('a large response', () => {
  const TYPES = ['json', 'xml', 'yaml', 'x-ndjson'].map((type) => `application/${type}`).concat('text/csv');

  beforeAll(async () => {
    for (let made = 0; made < 200; made += 20) {
      await Promise.all(
        many(20, () =>
          server.client.createUser(newUser({ displayName: 'Of many', roles: ['user', 'auditor'] }), asAdmin),
        ),
      );
    }
    // As large as entries of bulk changes.
    await server.database.execute(`UPDATE audit_events SET "after" = '{"users":["${'x'.repeat(40_000)}"]}'`);
  });

  it.each(TYPES)('is written in parts: %s', async (type) => {
    const isList = /csv|ndjson/.test(type);
    const problems: string[] = [];
    for (const path of ['/users', '/audit-events']) {
      const { status, milliseconds } = await measureAgain('GET', isList ? path : `${path}?size=200`, {
        Accept: type,
      });
      if (status !== 200 || milliseconds > limit) {
        problems.push(`${path} answers ${status} after ${milliseconds} ms`);
      }
    }

    expect(problems).toEqual([]);
  });

  it('of large audit entries is split into pages that Link connects without a gap', async () => {
    const all = (await measure('GET', '/audit-events', { Accept: 'application/x-ndjson' })).bytes;
    const ids: string[] = [];
    let next: string | undefined = '/audit-events?size=200';
    while (next !== undefined) {
      const { headers, bytes } = await measure('GET', next, {});
      const { items } = JSON.parse(bytes.toString()) as CursorPageDto<AuditEventDto>;
      expect(items.length).toBeLessThanOrEqual(4);
      ids.push(...items.map(({ id }) => id));
      next = /<([^>]*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    }

    expect(ids).toEqual(all.toString().match(/(?<=^\{"id":")[^"]+/gm));
  });
});

describe('every registered route', () => {
  let documented: DocumentedApi;

  beforeAll(async () => {
    documented = await DocumentedApi.ofBuild();
  });

  /** Returns the routes to send an input to. */
  function routesFor({ body, name }: Oversized): string[] {
    const routes = server.routes.filter((route) => body === undefined || isChange(route));
    const accepting = routes.filter((route) => {
      const operation = documented.operations.get(route.replace(/:(\w+)/g, '{$1}'));
      if (!operation || name === undefined) {
        return false;
      }
      const parameters = operation.parameters?.map((each) => each.name) ?? [];
      return (body === undefined ? parameters : documented.membersOf(operation)).includes(name);
    });
    return accepting.length > 0 ? accepting : sampleInputs(routes, SHARE);
  }

  it.each(Object.entries(OVERSIZED))(
    'responds with little work at a time, and at most 64 KB, to %s',
    async (what, oversized) => {
      const problems: string[] = [];
      for (const route of routesFor(oversized)) {
        problems.push(...(await findProblems(route, what, oversized)));
      }

      expect(problems).toEqual([]);
    },
  );
});
