import type { Sort } from '@angular/material/sort';

/** The order a table header shows for a `sort` parameter: that of its first field. */
export function sortOrder(parameter: string): Sort {
  const first = parameter.split(',')[0] ?? '';
  return first.startsWith('-')
    ? { active: first.slice(1), direction: 'desc' }
    : { active: first, direction: 'asc' };
}

/** The `sort` parameter for the order a table header shows. */
export function sortParameter({ active, direction }: Sort): string {
  return direction === 'desc' ? `-${active}` : active;
}
