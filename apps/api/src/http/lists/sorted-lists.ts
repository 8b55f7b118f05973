import { type SortField } from '@latchkey/auth-models';
import { type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { inParts } from '../../common/in-parts.js';
import {
  COUNT_COLUMN,
  type Counts,
  joinCounts,
  type ListSlice,
  orderBy,
  type OrderColumn,
} from '../../platform/database/queries/list-queries.js';
import { type SendableList } from './send-list.js';

/** Number of items in a part of a list that is sorted in memory. */
const PART = 25;

interface SortedList<Item, Dto extends object, Field extends string> {
  readonly columns: SendableList<Dto>['columns'];
  readonly slice: ListSlice<Field>;
  /** Converts the items of a page or part. */
  toDtos(items: readonly Item[]): Promise<Dto[]> | Dto[];
}

interface QueriedList<
  Entity extends ObjectLiteral,
  Dto extends object,
  Field extends string,
> extends SortedList<Entity, Dto, Field> {
  /** Unique property, which breaks ties. */
  readonly key: keyof Entity & string;
  readonly isKeyDescending?: boolean;
  /** Columns of fields that are not properties of the entity. */
  readonly sortColumns?: Partial<Record<Field, string>>;
  /** Counts for {@link COUNT_COLUMN}. */
  readonly counts?: Counts;
  /** Builds the query for the matching entities. */
  matching(): Promise<SelectQueryBuilder<Entity>> | SelectQueryBuilder<Entity>;
  findByKeys(keys: readonly string[]): Promise<Entity[]>;
}

/** Returns a list of entities that the database sorts. */
export function queriedList<Entity extends ObjectLiteral, Dto extends object, Field extends string>(
  list: QueriedList<Entity, Dto, Field>,
): SendableList<Dto> {
  const { columns, slice, key } = list;
  return {
    columns,
    page: async () => {
      const matching = await list.matching();
      const [entities, total] = await Promise.all([
        inOrder(matching.clone(), list).offset(slice.offset).limit(slice.size).getMany(),
        matching.getCount(),
      ]);
      return { items: await list.toDtos(entities), total, slice };
    },
    all: async function* () {
      // Read all keys first, so that an entity that changes position during the export is still written once.
      const query = inOrder(await list.matching(), list);
      const rows = await query.select(`${query.alias}.${key}`, 'key').getRawMany<{ key: string }>();
      for await (const keys of inParts(rows.map((row) => row.key))) {
        const found = new Map((await list.findByKeys(keys)).map((entity) => [entity[key] as string, entity]));
        // Skips entities that were deleted in the meantime.
        yield await list.toDtos(keys.flatMap((one) => found.get(one) ?? []));
      }
    },
  };
}

function inOrder<Entity extends ObjectLiteral, Field extends string>(
  query: SelectQueryBuilder<Entity>,
  {
    slice,
    key,
    isKeyDescending = false,
    sortColumns = {},
    counts,
  }: Omit<QueriedList<Entity, object, Field>, 'columns'>,
): SelectQueryBuilder<Entity> {
  const keyColumn = `${query.alias}.${key}`;
  const columns: OrderColumn[] = slice.sort.map(({ field, isDescending }) => ({
    column: (sortColumns as Partial<Record<string, string>>)[field] ?? `${query.alias}.${field}`,
    isDescending,
  }));
  if (counts && columns.some(({ column }) => column === COUNT_COLUMN)) {
    joinCounts(query, counts, keyColumn);
  }
  // A column that is already present cannot be added again.
  const hasKey = columns.some(({ column }) => column === keyColumn);
  return orderBy(
    query,
    hasKey ? columns : [...columns, { column: keyColumn, isDescending: isKeyDescending }],
  );
}

/** Returns a short list that is sorted in memory. The name breaks ties, and absent values come first. */
export function memoryList<Item extends { name: string }, Dto extends object, Field extends string>(
  list: SortedList<Item, Dto, Field> & { findAll(): Promise<Item[]> },
): SendableList<Dto> {
  const { columns, slice } = list;
  const sorted = async () => (await list.findAll()).sort(comparing(slice.sort));
  return {
    columns,
    page: async () => {
      const items = await sorted();
      const page = items.slice(slice.offset, slice.offset + slice.size);
      return { items: await list.toDtos(page), total: items.length, slice };
    },
    all: async function* () {
      const items = await sorted();
      for (let start = 0; start < items.length; start += PART) {
        yield await list.toDtos(items.slice(start, start + PART));
      }
    },
  };
}

function comparing(sort: readonly SortField<string>[]) {
  return (one: object, other: object): number => {
    for (const { field, isDescending } of [...sort, { field: 'name', isDescending: false }]) {
      const [a, b] = [valueOf(one, field), valueOf(other, field)];
      if (a !== b) {
        return (a < b ? -1 : 1) * (isDescending ? -1 : 1);
      }
    }
    return 0;
  };
}

function valueOf(item: object, field: string): string | number {
  const value = (item as Record<string, string | number | boolean | undefined>)[field] ?? '';
  return typeof value === 'boolean' ? Number(value) : value;
}
