import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';
import { SORT_FIELDS_MAX } from '../limits.js';
import { parseSort, parseTokenStates } from '../lists/comma-separated.js';
import { TOKEN_STATES } from '../lists/enums.js';

/** Accepts a `sort` parameter with these fields: {@link parseSort}. */
export function IsSort(allowed: readonly string[], options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isSort',
      constraints: [allowed],
      validator: {
        validate: (value: unknown) => typeof value === 'string' && parseSort(value, allowed) !== null,
        defaultMessage: buildMessage(
          () =>
            `$property must list up to ${SORT_FIELDS_MAX} different fields of ${allowed.join(', ')}, separated by commas, with - before a field for descending order`,
        ),
      },
    },
    options,
  );
}

/** Accepts comma-separated token states: {@link parseTokenStates}. */
export function IsTokenStates(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isTokenStates',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && parseTokenStates(value) !== null,
        defaultMessage: buildMessage(
          () => `$property must list different states of ${TOKEN_STATES.join(', ')}, separated by commas`,
        ),
      },
    },
    options,
  );
}
