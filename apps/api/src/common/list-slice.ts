import { PAGE_SIZE_DEFAULT, parseSort, type ListQueryDto, type SortField } from '@latchkey/auth-models';

/** Requested part and order of a list. */
export interface ListSlice<Field extends string> {
  page: number;
  size: number;
  offset: number;
  sort: readonly SortField<Field>[];
}

/** Converts a validated list query. */
export function listSlice<Field extends string>(
  query: ListQueryDto & { sort?: string },
  fields: readonly Field[],
  defaultSort: SortField<Field>,
): ListSlice<Field> {
  const page = query.page ?? 1;
  const size = query.size ?? PAGE_SIZE_DEFAULT;
  const sort = query.sort === undefined ? null : parseSort(query.sort, fields);
  return { page, size, offset: (page - 1) * size, sort: sort ?? [defaultSort] };
}
