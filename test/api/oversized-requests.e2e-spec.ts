import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type Headers } from '../support/api-client.js';
import { useAdmin, useServer } from '../support/use-server.js';

const BLOCKED_MAX_MILLISECONDS = 100;
const ANSWER_MAX_BYTES = 65_536;
/** Another process may take the processor away for as long, but hardly three times in a row. */
const ATTEMPTS = 3;

/** Documents of a fixed content, which no request makes larger. */
const DOCUMENTS = /^GET \/(docs|openapi\.json|admin|$)/;

/** Members of bodies that hold a text. */
const TEXT_MEMBERS = (
  'name displayName email note description secret password currentPassword newPassword expirationTime roles ' +
  'permissions action role ids token token_type_hint'
).split(' ');
const TEXT_PARAMETERS = ['q', 'user', 'role', 'actor', 'subject', 'sort', 'from', 'cursor', 'descendants'];

interface Oversized {
  readonly body?: string;
  readonly query?: string;
  readonly contentType?: string;
}

const many = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));
/** Marks of two classes by turns: to bring them into their order takes time that grows with the square of their number. */
const marks = `a${'\u0301\u0316'.repeat(25_000)}`;

/** What every route is sent; a body only where the method has one. */
const OVERSIZED: Record<string, Oversized> = {
  '5,000 members': { body: JSON.stringify(Object.fromEntries(many(5_000, (index) => [`m${index}`, index]))) },
  '5,000 members in a member': {
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
    TEXT_MEMBERS.map((name) => [`combining marks in ${name}`, { body: JSON.stringify({ [name]: marks }) }]),
  ),
  ...Object.fromEntries(
    TEXT_PARAMETERS.map((name) => [
      `combining marks in the parameter ${name}`,
      { query: `${name}=a${encodeURIComponent(marks.slice(1, 1_300))}` },
    ]),
  ),
};

const server = useServer();
const asAdmin = useAdmin(server);

/** Sends a request, and measures for how long it kept everything else in this process waiting. */
async function blocked(method: string, path: string, { body, contentType }: Oversized, headers: Headers) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // So that the monitor is waiting already.
  await pause(2);
  const answer = await fetch(server.client.baseUrl + path, {
    method,
    redirect: 'manual',
    headers: { ...headers, 'Content-Type': contentType ?? 'application/json', Accept: 'application/yaml' },
    ...(body !== undefined && { body }),
  });
  const bytes = (await answer.arrayBuffer()).byteLength;
  await pause(2);
  delay.disable();
  return { status: answer.status, bytes, milliseconds: delay.max / 1e6 };
}

async function complaintsAbout(route: string, what: string, oversized: Oversized): Promise<string[]> {
  const [method = '', pattern = ''] = route.split(' ');
  const path = pattern.replace(/:\w+/, 'nobody').replace('*', 'x');
  const address = oversized.query === undefined ? path : `${path}?${oversized.query}`;
  let answer = await blocked(method, address, oversized, asAdmin);
  for (let attempt = 1; attempt < ATTEMPTS && answer.milliseconds > BLOCKED_MAX_MILLISECONDS; attempt += 1) {
    answer = await blocked(method, address, oversized, asAdmin);
  }
  const { status, bytes, milliseconds } = answer;
  const isDocument = DOCUMENTS.test(route) && status < 400;
  return [
    ...(status >= 500 ? [`${route} with ${what}: ${status}`] : []),
    ...(milliseconds > BLOCKED_MAX_MILLISECONDS ? [`${route} with ${what}: ${milliseconds} ms`] : []),
    ...(bytes > ANSWER_MAX_BYTES && !isDocument ? [`${route} with ${what}: ${bytes} bytes`] : []),
  ];
}

describe('every registered route', () => {
  it.each(Object.entries(OVERSIZED))(
    'answers within 100 ms of the event loop, and with 64 KB at most, when it is sent %s',
    async (what, oversized) => {
      const complaints: string[] = [];
      for (const route of server.routes) {
        if (oversized.body === undefined || !/^(GET|HEAD|OPTIONS) /.test(route)) {
          complaints.push(...(await complaintsAbout(route, what, oversized)));
        }
      }

      expect(complaints).toEqual([]);
    },
  );
});
