/** A row of counts as numbers, which PostgreSQL hands over as texts. */
export function numbersOf<Key extends string>(row: Record<Key, unknown> | undefined): Record<Key, number> {
  return Object.fromEntries(
    Object.entries(row ?? {}).map(([name, count]) => [name, Number(count)]),
  ) as Record<Key, number>;
}
