import {
  PASSWORD_MAX_LENGTH,
  SINGLE_LINE_PATTERN,
  SORT_FIELDS_MAX,
  TOKEN_STATES,
  USER_NAME_MAX_LENGTH,
  USER_NAME_PATTERN,
} from '@latchkey/auth-models';
import { rulesOf } from '../../bodies/member-failures.js';

export type ValidatedClass = new (...parameters: never[]) => object;

/** Part of a JSON Schema that follows from validators. */
export interface Constraints {
  type?: string;
  format?: string;
  pattern?: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
}

export interface MemberRules {
  own: Constraints;
  /** Constraints of each item of an array. */
  items: Constraints;
  /** Alternative member. Requests must not have both members. */
  alternative?: string;
  /** Whether a request without the alternative requires the member. */
  isRequired: boolean;
}

const listPattern = (words: readonly string[], most: number, prefix = '') =>
  `^${prefix}(${words.join('|')})(,${prefix}(${words.join('|')})){0,${most - 1}}$`;

/** Constraints by validator; others have none. */
const SCHEMAS: Record<string, (...values: never[]) => Constraints> = {
  isInt: () => ({ type: 'integer' }),
  min: (minimum: number) => ({ minimum }),
  max: (maximum: number) => ({ maximum }),
  minLength: (minLength: number) => ({ minLength }),
  maxLength: (maxLength: number) => ({ maxLength }),
  matches: ({ source }: RegExp) => ({ pattern: source }),
  isIn: (values: readonly unknown[]) => ({ enum: [...values] }),
  isEmail: () => ({ format: 'email' }),
  isIso8601: () => ({ format: 'date-time' }),
  isRfc3339: () => ({ format: 'date-time' }),
  arrayMinSize: (minItems: number) => ({ minItems }),
  arrayMaxSize: (maxItems: number) => ({ maxItems }),
  arrayUnique: () => ({ uniqueItems: true }),
  isSingleLine: () => ({ pattern: SINGLE_LINE_PATTERN }),
  isUserName: () => ({ pattern: USER_NAME_PATTERN, minLength: 1, maxLength: USER_NAME_MAX_LENGTH }),
  isPassword: () => ({ maxLength: PASSWORD_MAX_LENGTH }),
  isSort: (fields: readonly string[]) => ({ pattern: listPattern(fields, SORT_FIELDS_MAX, '-?') }),
  isTokenStates: () => ({ pattern: listPattern(TOKEN_STATES, TOKEN_STATES.length) }),
};

/**
 * Returns the constraints of a class by member.
 *
 * @param passwordMinLength configured minimum length of a new password.
 */
export function memberRulesOf(
  validated: ValidatedClass,
  passwordMinLength: number,
): Map<string, MemberRules> {
  const rules = new Map<string, MemberRules>();
  for (const { propertyName, name = '', constraints = [], each } of rulesOf(validated)) {
    const member = rules.get(propertyName) ?? { own: {}, items: {}, isRequired: false };
    rules.set(propertyName, member);
    Object.assign(each ? member.items : member.own, SCHEMAS[name]?.(...(constraints as never[])));
    if (name === 'passwordTooShort') {
      member.own.minLength = passwordMinLength;
    }
    member.isRequired ||= name === 'missing';
    if (name === 'excludedBy') {
      member.alternative = String(constraints[0]);
    }
  }
  return rules;
}
