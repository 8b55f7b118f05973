import { buildMessage, ValidateBy, type ValidationOptions } from 'class-validator';
import { TOKEN_STATES, type TokenState } from '../lists/token-states.js';

/** Reads states of tokens with commas between; `null` if one is unknown or named twice. */
export function parseTokenStates(text: string): TokenState[] | null {
  // With one state more than there are, one is named twice or unknown.
  const states = text.split(',', TOKEN_STATES.length + 1) as TokenState[];
  const isList =
    states.every((state) => TOKEN_STATES.includes(state)) && new Set(states).size === states.length;
  return isList ? states : null;
}

/** Checks a text of token states with commas between. */
export function IsTokenStates(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isTokenStates',
      validator: {
        validate: (value: unknown) => typeof value === 'string' && parseTokenStates(value) !== null,
        defaultMessage: buildMessage(
          () => `$property takes ${TOKEN_STATES.join(', ')}, each once, with commas between`,
        ),
      },
    },
    options,
  );
}
