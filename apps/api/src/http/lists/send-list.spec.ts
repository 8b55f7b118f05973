import { describe, expect, it } from '@jest/globals';
import { type NestInterceptor } from '@nestjs/common';
import { INTERCEPTORS_METADATA } from '@nestjs/common/constants.js';
import { firstValueFrom, from } from 'rxjs';
import { FakeCall } from '../../../../../test/support/unit/fake-call.js';
import { listSlice } from '../../platform/database/queries/list-queries.js';
import { SERVICE_DESC } from '../server/constant-headers.js';
import { SendsList } from './send-list.js';

class Routes {
  @SendsList()
  list(this: void) {}
}

/** Sends a page, and returns its body and its links. */
async function send(
  url: string,
  query: { page?: number; size?: number },
  items: object[],
  total: number,
): Promise<{ body: unknown; link: string }> {
  const [interceptor] = Reflect.getMetadata(
    INTERCEPTORS_METADATA,
    Routes.prototype.list,
  ) as NestInterceptor[];
  const call = new FakeCall(Routes, 'list', { url });
  const slice = listSlice(query, ['name'], { field: 'name', isDescending: false });
  const list = { page: () => Promise.resolve({ items, total, slice }) };
  const body = await interceptor?.intercept(call.context, { handle: () => from([list]) });
  return { body: await firstValueFrom(body!), link: call.responseHeaders.link ?? '' };
}

/** Returns the links of a page by relation. */
async function linksOf(
  url: string,
  total: number,
  query: { page?: number; size?: number },
): Promise<Record<string, string>> {
  const { link } = await send(url, query, [], total);
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

describe('SendsList', () => {
  it('returns items, page, size and total', async () => {
    const { body } = await send('/users', {}, [{ name: 'a' }], 1);

    expect(body).toEqual({ items: [{ name: 'a' }], page: 1, size: 25, total: 1 });
  });

  it('links the pages around one in the middle, and keeps other parameters', async () => {
    expect(await linksOf('/users?q=a%26b&page=3&size=10&sort=-name', 95, { page: 3, size: 10 })).toEqual({
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
  ])('links only existing pages from %s', async (_, total, page, relations, last) => {
    const links = await linksOf('/users', total, { page });

    expect(Object.keys(links).sort()).toEqual(relations);
    expect(links.last).toBe(`/users?page=${last}`);
  });

  it('links the last page from a page beyond it', async () => {
    expect(await linksOf('/users?page=9', 30, { page: 9 })).toMatchObject({
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
  ])('keeps the most useful links with a query of %d characters', async (length, relations) => {
    const links = await linksOf(`/users?q=${'x'.repeat(length)}&page=3`, 200, { page: 3 });

    expect(Object.keys(links).sort()).toEqual(relations);
    expect(links.next).toMatch(/&page=4$/);
  });

  it('escapes the query', async () => {
    const links = await linksOf('/users?q=>;rel="next",<http://evil>', 60, { page: 1 });

    expect(Object.keys(links).sort()).toEqual(['first', 'last', 'next']);
  });

  it('stays relative when the request has an absolute URL', async () => {
    const links = await linksOf('http://evil.example/users?page=1', 60, { page: 1 });

    expect(links.next).toBe('/users?page=2');
  });
});
