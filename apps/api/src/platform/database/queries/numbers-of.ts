/** Converts a row of counts to numbers. The driver of PostgreSQL returns strings. */
export function numbersOf<Key extends string>(row: Record<Key, unknown> | undefined): Record<Key, number> {
  return Object.fromEntries(
    Object.entries(row ?? {}).map(([name, count]) => [name, Number(count)]),
  ) as Record<Key, number>;
}
