import { describe, expect, it } from '@jest/globals';
import { List } from './list.js';

/** Returns a list of events whose server answers with these pages, and the queries that it got. */
function listOf(pages: { items: string[]; after?: string }[], after?: string) {
  const queries: string[] = [];
  const list = new List<{ items: string[] }>((next) => {
    queries.push(next?.get('after') ?? 'first');
    const { items, after: following } = pages.shift() ?? { items: ['endless'], after: 'endless' };
    const link = following === undefined ? '' : `</events?type=token.leaked&after=${following}>; rel="next"`;
    return Promise.resolve({ body: { items }, headers: new Headers({ Link: link }) } as never);
  }, after);
  return { list, queries };
}

async function itemsOf(list: AsyncIterable<string>): Promise<string[]> {
  const items: string[] = [];
  for await (const item of list) {
    items.push(item);
  }
  return items;
}

describe('List of later events', () => {
  it('ends at an empty page that is its own next page', async () => {
    const { list, queries } = listOf([{ items: [], after: '1' }], '1');

    expect(await itemsOf(list)).toEqual([]);
    expect(queries).toEqual(['first']);
  });

  it('continues after an empty page whose events the filter left out', async () => {
    const { list, queries } = listOf(
      [
        { items: [], after: '2000' },
        { items: ['leak'], after: '2001' },
        { items: [], after: '2001' },
      ],
      '1',
    );

    expect(await itemsOf(list)).toEqual(['leak']);
    expect(queries).toEqual(['first', '2000', '2001']);
  });

  it('ends without a next page', async () => {
    expect(await itemsOf(listOf([{ items: ['one'] }]).list)).toEqual(['one']);
  });
});
