import { InvalidArgumentError } from 'commander';
import { type PageDto } from '@latchkey/auth-models';
import { PAGE_SIZE_MAX } from '@latchkey/auth-models/lists';
import { type OperatorClient } from '../client/operator-client.js';

export const LIMIT_DEFAULT = 200;
const LIMIT_MAX = 10_000;

/** Items of a list, and the number of all items that match. */
export interface Listed<Item> {
  items: Item[];
  total: number;
}

/** Returns the first items of a list, page by page. */
export async function readList<Item>(
  client: OperatorClient,
  path: string,
  filter: Record<string, string>,
  limit: number,
): Promise<Listed<Item>> {
  const size = Math.min(limit, PAGE_SIZE_MAX);
  const found: Item[] = [];
  for (let page = 1; ; page += 1) {
    const query = new URLSearchParams({ ...filter, page: String(page), size: String(size) });
    const { items, total } = await client.get<PageDto<Item>>(`${path}?${query.toString()}`);
    found.push(...items);
    if (items.length < size || found.length >= limit) {
      return { items: found.slice(0, limit), total };
    }
  }
}

export function readLimit(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) < 1 || Number(text) > LIMIT_MAX) {
    throw new InvalidArgumentError(`Use a whole number from 1 to ${LIMIT_MAX}.`);
  }
  return Number(text);
}
