import { describe, expect, it } from '@jest/globals';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { listSlice } from '../../platform/database/queries/list-queries.js';
import { SERVICE_DESC } from '../server/constant-headers.js';
import { sendPage } from './send-list.js';

/** Returns the links of a page by relation. */
function linksOf(
  url: string,
  total: number,
  query: { page?: number; size?: number },
): Record<string, string> {
  let link = '';
  const reply = { header: (_: string, value: string) => (link = value) } as unknown as FastifyReply;
  const slice = listSlice(query, ['name'], { field: 'name', isDescending: false });
  sendPage({ items: [], total, slice }, { url } as FastifyRequest, reply);
  return Object.fromEntries(
    link
      .replace(`, ${SERVICE_DESC}`, '')
      .split(', ')
      .map((part) => {
        const [, target = '', rel = ''] = /^<([^<>]*)>; rel="([a-z]+)"$/.exec(part) ?? [];
        return [rel, target];
      }),
  );
}

describe('sendPage', () => {
  it('returns items, page, size and total', () => {
    const reply = { header: () => undefined } as unknown as FastifyReply;
    const slice = listSlice({}, ['name'], { field: 'name', isDescending: false });
    const page = { items: [{ name: 'a' }], total: 1, slice };

    expect(sendPage(page, { url: '/users' } as FastifyRequest, reply)).toEqual({
      items: [{ name: 'a' }],
      page: 1,
      size: 25,
      total: 1,
    });
  });

  it('links the pages around one in the middle, and keeps other parameters', () => {
    expect(linksOf('/users?q=a%26b&page=3&size=10&sort=-name', 95, { page: 3, size: 10 })).toEqual({
      first: '/users?q=a%26b&page=1&size=10&sort=-name',
      prev: '/users?q=a%26b&page=2&size=10&sort=-name',
      next: '/users?q=a%26b&page=4&size=10&sort=-name',
      last: '/users?q=a%26b&page=10&size=10&sort=-name',
    });
  });

  it.each([
    ['the only page', 25, 1, ['first', 'last'], 1],
    ['an empty list', 0, 1, ['first', 'last'], 1],
    ['the first page', 26, 1, ['first', 'last', 'next'], 2],
    ['the last page', 50, 2, ['first', 'last', 'prev'], 2],
  ])('links only existing pages from %s', (_, total, page, relations, last) => {
    const links = linksOf('/users', total, { page });

    expect(Object.keys(links).sort()).toEqual(relations);
    expect(links.last).toBe(`/users?page=${last}`);
  });

  it('links the last page from a page beyond it', () => {
    expect(linksOf('/users?page=9', 30, { page: 9 })).toMatchObject({
      prev: '/users?page=2',
      last: '/users?page=2',
    });
  });

  it.each([
    [1_900, ['first', 'last', 'next', 'prev']],
    [2_500, ['last', 'next', 'prev']],
    [3_000, ['next', 'prev']],
    [5_000, ['next']],
    [9_000, ['next']],
  ])('keeps the most useful links with a query of %d characters', (length, relations) => {
    const links = linksOf(`/users?q=${'x'.repeat(length)}&page=3`, 200, { page: 3 });

    expect(Object.keys(links).sort()).toEqual(relations);
    expect(links.next).toMatch(/&page=4$/);
  });

  it('escapes the query', () => {
    const links = linksOf('/users?q=>;rel="next",<http://evil>', 60, { page: 1 });

    expect(Object.keys(links).sort()).toEqual(['first', 'last', 'next']);
  });

  it('stays relative when the request has an absolute URL', () => {
    expect(linksOf('http://evil.example/users?page=1', 60, { page: 1 }).next).toBe('/users?page=2');
  });
});
