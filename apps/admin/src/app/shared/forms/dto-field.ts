import type { ValidatorFn } from '@angular/forms';
import { firstFailedRule, type FailedRule } from '@latchkey/auth-models';
import { validateSync } from 'class-validator';
import { type FieldError, toErrors } from './field-error';

/** A control's value as the DTO wants it: what was left empty is absent. */
export function emptyToUndefined<T>(value: T): Exclude<T, null | ''> | undefined {
  return value === null || value === '' ? undefined : (value as Exclude<T, null | ''>);
}

/** Checks a control with the rules of one member of a DTO class, the very ones the server checks. */
export function dtoField<T extends object>(Dto: new () => T, member: keyof T & string): ValidatorFn {
  return (control) => {
    const value: unknown = emptyToUndefined(control.value as unknown);
    const dto = Object.assign(new Dto(), { [member]: value });
    const error = validateSync(dto).find(({ property }) => property === member);
    const failure = error && firstFailedRule(error);
    return failure ? toErrors(fieldError(member, failure)) : null;
  };
}

function fieldError(member: string, { rule, message }: FailedRule): FieldError {
  return { rules: [`${member}.${rule}`, rule], sentence: message };
}

/** Refuses what differs from another field of the same form, such as a password that is typed again. */
export function matchesField(name: string): ValidatorFn {
  return (control) => (control.value === control.parent?.get(name)?.value ? null : { mismatch: true });
}
