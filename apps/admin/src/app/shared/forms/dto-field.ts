import type { ValidatorFn } from '@angular/forms';
import {
  DEFAULT_POLICY,
  type FailedRule,
  firstFailedRule,
  type ValidationPolicy,
  withPolicy,
} from '@latchkey/auth-models';
import { validateSync } from 'class-validator';
import { type FieldError, toErrors } from './field-error';

/** Returns `undefined` for an empty control, because DTOs leave out empty fields. */
export function emptyToUndefined<T>(value: T): Exclude<T, null | ''> | undefined {
  return value === null || value === '' ? undefined : (value as Exclude<T, null | ''>);
}

/**
 * Validates a control by the rules of one member of a DTO class and a policy, which are those of the server.
 */
export function dtoField<T extends object>(
  Dto: new () => T,
  member: keyof T & string,
  policy: () => ValidationPolicy = () => DEFAULT_POLICY,
): ValidatorFn {
  return (control) => {
    const value: unknown = emptyToUndefined(control.value as unknown);
    const dto = withPolicy(Object.assign(new Dto(), { [member]: value }), policy());
    const error = validateSync(dto).find(({ property }) => property === member);
    const failure = error && firstFailedRule(error);
    return failure ? toErrors(fieldError(member, failure, policy())) : null;
  };
}

function fieldError(
  member: string,
  { rule, message }: FailedRule,
  { password }: ValidationPolicy,
): FieldError {
  return {
    rules: [`${member}.${rule}`, rule],
    message,
    ...(rule === 'passwordTooShort' && { minimum: password.minLength }),
  };
}
