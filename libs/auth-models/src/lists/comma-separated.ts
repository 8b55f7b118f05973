import { SORT_FIELDS_MAX } from '../limits.js';
import { TOKEN_STATES, type TokenState } from './enums.js';

/** Field of a parsed `sort` parameter. */
export interface SortField<Field extends string = string> {
  field: Field;
  isDescending: boolean;
}

/**
 * Parses a `sort` parameter such as `-lastLoginTime,name`. Returns `null` if it has an unknown field, a field
 * twice, or more than {@link SORT_FIELDS_MAX} fields.
 */
export function parseSort<Field extends string>(
  text: string,
  allowed: readonly Field[],
): SortField<Field>[] | null {
  // One field more than the maximum is enough to reject the rest.
  const fields = text.split(',', SORT_FIELDS_MAX + 1).map((part) => {
    const isDescending = part.startsWith('-');
    return { field: (isDescending ? part.slice(1) : part) as Field, isDescending };
  });
  const isValid =
    fields.length <= SORT_FIELDS_MAX &&
    isDistinctSubset(
      fields.map(({ field }) => field),
      allowed,
    );
  return isValid ? fields : null;
}

/** Parses comma-separated token states. Returns `null` if a state is unknown or listed twice. */
export function parseTokenStates(text: string): TokenState[] | null {
  // A list that is longer than all states has an unknown state or a duplicate.
  const states = text.split(',', TOKEN_STATES.length + 1) as TokenState[];
  return isDistinctSubset(states, TOKEN_STATES) ? states : null;
}

function isDistinctSubset(words: readonly string[], allowed: readonly string[]): boolean {
  return words.every((word) => allowed.includes(word)) && new Set(words).size === words.length;
}
