import type { ListQuery } from './list-state';

/** A list's query as the parameters of its request; what is off or empty is left out. */
export function listParameters({ page, size, sort, q, filters }: ListQuery): Record<string, string | number> {
  const all = Object.entries({ page, size, sort, q, ...filters });
  return Object.fromEntries(
    all.filter((entry): entry is [string, string | number] => entry[1] !== null && entry[1] !== ''),
  );
}
