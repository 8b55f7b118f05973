import { firstFailedRule, isRejectionRule, type ProblemErrorDto } from '@latchkey/auth-models';
import { getMetadataStorage, type ValidationError } from 'class-validator';
import { mostSimilar } from '../../common/most-similar.js';
import { memberPointer } from './check-input.js';

const UNKNOWN = 'whitelistValidation';

/**
 * Returns one error per invalid member or parameter. The error for the first unknown member suggests a
 * similar name.
 */
export function failuresOf(errors: readonly ValidationError[]): ProblemErrorDto[] {
  const failures = failuresWithin(errors, '');
  const unknown = firstUnknown(errors);
  const meant = unknown && mostSimilar(unknown.name, unknown.members);
  const failure = failures.find(({ pointer }) => pointer === unknown?.pointer);
  if (meant !== undefined && failure) {
    failure.message += `; did you mean ${meant}?`;
  }
  return failures;
}

function failuresWithin(errors: readonly ValidationError[], parent: string): ProblemErrorDto[] {
  return errors.flatMap((error) => {
    const pointer = memberPointer(parent, error.property);
    const failure = firstFailedRule(error);
    if (!failure) {
      return failuresWithin(error.children ?? [], pointer);
    }
    const { rule, message } = failure;
    if (rule === UNKNOWN) {
      return [unknownMember(pointer, error.property)];
    }
    const code = rule.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
    return [{ pointer, code, message }];
  });
}

export function unknownMember(pointer: string, name: string): ProblemErrorDto {
  return { pointer, code: 'unknown_member', message: `there is no member ${name}` };
}

/** Returns a sentence with the known members if an unknown one was sent; `undefined` otherwise. */
export function knownMembers(errors: readonly ValidationError[]): string | undefined {
  const unknown = firstUnknown(errors);
  const place = unknown?.parent ? ` of ${unknown.parent}` : '';
  return unknown && `Known members${place}: ${unknown.members.join(', ')}.`;
}

interface UnknownMember {
  readonly parent: string;
  readonly pointer: string;
  readonly name: string;
  /** Known members of the same object. */
  readonly members: readonly string[];
}

function firstUnknown(errors: readonly ValidationError[], parent = ''): UnknownMember | undefined {
  for (const error of errors) {
    const name = error.property;
    const pointer = memberPointer(parent, name);
    if (error.constraints && UNKNOWN in error.constraints) {
      return { parent, pointer, name, members: membersOf(error.target?.constructor) };
    }
    const within = firstUnknown(error.children ?? [], pointer);
    if (within !== undefined) {
      return within;
    }
  }
  return undefined;
}

/** Returns the sorted names of the members of a class. */
export function membersOf(dto: unknown): string[] {
  const names = rulesOf(dto)
    .filter(({ name }) => !isRejectionRule(name))
    .map(({ propertyName }) => propertyName);
  return [...new Set(names)].sort();
}

/** Returns the validators of the members of a class. */
export function rulesOf(dto: unknown) {
  return getMetadataStorage().getTargetValidationMetadatas(dto as new () => unknown, '', false, false);
}
