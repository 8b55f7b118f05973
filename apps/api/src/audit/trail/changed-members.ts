/** Changed members, before and after a change. */
export interface ChangedMembers<T extends object> {
  readonly before: Partial<T>;
  readonly after: Partial<T>;
}

/**
 * Returns the members that differ between two states of a resource, or `undefined` if none does. As in a merge patch, a
 * member that is `undefined` in the second state is unchanged, and `null` removes it.
 */
export function changedMembers<T extends object>(
  before: T,
  after: Partial<T>,
): ChangedMembers<T> | undefined {
  const changed = (Object.keys(before) as (keyof T)[]).filter(
    (name) => after[name] !== undefined && JSON.stringify(after[name]) !== JSON.stringify(before[name]),
  );
  return changed.length === 0 ? undefined : { before: pick(before, changed), after: pick(after, changed) };
}

function pick<T extends object>(members: Partial<T>, names: readonly (keyof T)[]): Partial<T> {
  return Object.fromEntries(names.map((name) => [name, members[name]])) as Partial<T>;
}
