import {
  firstFailedRule,
  isRejectionRule,
  passwordMessage,
  type ProblemErrorDto,
} from '@latchkey/auth-models';
import { ARRAY_MAX_SIZE, getMetadataStorage, type ValidationError } from 'class-validator';
import { memberPointer } from './check-plain-json.js';

const UNKNOWN = 'whitelistValidation';

/** What is wrong with each member of a body, or each parameter, in one sentence. */
export function failuresOf(
  errors: readonly ValidationError[],
  passwordMinLength: number,
  parent = '',
): ProblemErrorDto[] {
  return errors.flatMap((error) => {
    const pointer = memberPointer(parent, error.property);
    const failure = firstFailedRule(error);
    if (!failure) {
      return failuresOf(error.children ?? [], passwordMinLength, pointer);
    }
    const { rule, message } = failure;
    if (rule === UNKNOWN) {
      return [unknownMember(pointer, error.property)];
    }
    const code = rule.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
    // The rule knows what every server asks for, and this one may ask for more.
    const isPassword = rule === 'isPassword';
    return [
      { pointer, code, message: isPassword ? passwordMessage(error.property, passwordMinLength) : message },
    ];
  });
}

/** What is said of a name that is none of a class. */
export function unknownMember(pointer: string, name: string): ProblemErrorDto {
  return { pointer, code: 'unknown_member', message: `there is no member ${name}` };
}

/** Says which members there are where one was sent that is none; `undefined` if none was. */
export function knownMembers(errors: readonly ValidationError[], parent = ''): string | undefined {
  for (const error of errors) {
    if (error.constraints && UNKNOWN in error.constraints) {
      const place = parent === '' ? 'here' : `of ${parent}`;
      return `The members ${place} are ${membersOf(error.target?.constructor).join(', ')}.`;
    }
    const within = knownMembers(error.children ?? [], memberPointer(parent, error.property));
    if (within !== undefined) {
      return within;
    }
  }
  return undefined;
}

/** Names of the members that a class has, sorted. */
export function membersOf(dto: unknown): string[] {
  const names = rulesOf(dto)
    .filter(({ name }) => !isRejectionRule(name))
    .map(({ propertyName }) => propertyName);
  return [...new Set(names)].sort();
}

/** Array items that a class allows: the sum of its `@ArrayMaxSize()`. */
export function arrayItemsMax(dto: unknown): number {
  return rulesOf(dto)
    .filter(({ name }) => name === ARRAY_MAX_SIZE)
    .reduce((sum, { constraints }) => sum + Number(constraints?.[0]), 0);
}

function rulesOf(dto: unknown) {
  return getMetadataStorage().getTargetValidationMetadatas(dto as new () => unknown, '', false, false);
}
