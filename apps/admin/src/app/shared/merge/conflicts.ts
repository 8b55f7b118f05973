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
  /** Puts a value into words; it is shown as it is if left out. */
  readonly tell?: (value: string) => string;
}

/** The fields of an edit that somebody else has changed meanwhile, and not to the same. */
export function conflicts(
  fields: readonly MergeField[],
  base: object,
  mine: object,
  theirs: object,
): FieldConflict[] {
  return fields
    .map(({ field, label, tell = asItIs }) => ({
      field,
      label,
      tell,
      mine: textOf(mine, field),
      theirs: textOf(theirs, field),
      base: textOf(base, field),
    }))
    .filter((one) => one.field in mine && one.theirs !== one.base && one.theirs !== one.mine)
    .map(({ field, label, tell, mine: own, theirs: other }) => ({
      field,
      label,
      mine: own && tell(own),
      theirs: other && tell(other),
    }));
}

function asItIs(value: string): string {
  return value;
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
