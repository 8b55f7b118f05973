/** The filter of a bulk request: a list's parameters with the types that a body has. */
export type BulkFilter = Readonly<Record<string, string | number | boolean>>;

/** A list's parameters as the filter of a bulk request, where numbers and booleans are no texts. */
export function bulkFilter(parameters: Readonly<Record<string, string | number>>): BulkFilter {
  const members = Object.entries(parameters).map(([name, value]) => [name, toMember(name, value)] as const);
  return Object.fromEntries(members);
}

function toMember(name: string, value: string | number): string | number | boolean {
  if (name.endsWith('Days')) {
    return Number(value);
  }
  return value === 'true' || value === 'false' ? value === 'true' : value;
}
