import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';
import { SORT_FIELDS_MAX } from '../limits.js';

/** One field of a parsed `sort` parameter. */
export interface SortField<Field extends string = string> {
  field: Field;
  isDescending: boolean;
}

/**
 * Reads a `sort` parameter such as `-lastLoginTime,name`; `null` if it names a field that is not allowed, one twice, or too
 * many.
 */
export function parseSort<Field extends string>(
  text: string,
  allowed: readonly Field[],
): SortField<Field>[] | null {
  // One field too many is enough to see that there are too many.
  const fields = text.split(',', SORT_FIELDS_MAX + 1).map((part) => {
    const isDescending = part.startsWith('-');
    return { field: (isDescending ? part.slice(1) : part) as Field, isDescending };
  });
  const names = new Set(fields.map(({ field }) => field));
  const isAllowed = fields.length <= SORT_FIELDS_MAX && [...names].every((name) => allowed.includes(name));
  return isAllowed && names.size === fields.length ? fields : null;
}

/** Checks a `sort` parameter against the fields a list may be sorted by. */
export function IsSort(allowed: readonly string[], options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isSort',
      constraints: [allowed],
      validator: {
        validate: (value: unknown) => typeof value === 'string' && parseSort(value, allowed) !== null,
        defaultMessage: buildMessage(
          () =>
            `$property takes ${allowed.join(', ')}, each once and at most ${SORT_FIELDS_MAX}, with commas between and - before one for descending`,
        ),
      },
    },
    options,
  );
}
