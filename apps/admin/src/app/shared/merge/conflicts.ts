/** A field that two people changed, each in their own way. */
export interface FieldConflict {
  readonly field: string;
  readonly label: string;
  readonly mine: string;
  readonly theirs: string;
}

/** A field of a form that is saved with a version. */
export interface MergeField {
  readonly field: string;
  readonly label: string;
}

/** The fields of an edit that somebody else has changed meanwhile, and not to the same. */
export function conflicts(
  fields: readonly MergeField[],
  base: object,
  mine: object,
  theirs: object,
): FieldConflict[] {
  return fields
    .map(({ field, label }) => ({
      field,
      label,
      mine: textOf(mine, field),
      theirs: textOf(theirs, field),
      base: textOf(base, field),
    }))
    .filter((one) => one.field in mine && one.theirs !== one.base && one.theirs !== one.mine)
    .map(({ field, label, mine: own, theirs: other }) => ({ field, label, mine: own, theirs: other }));
}

function textOf(values: object, field: string): string {
  const value = (values as Record<string, unknown>)[field];
  if (Array.isArray(value)) {
    return [...(value as string[])].sort().join(', ');
  }
  if (value === null || value === undefined) {
    return '';
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
