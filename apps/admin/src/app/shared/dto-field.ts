import type { ValidatorFn } from '@angular/forms';
import { validateSync } from 'class-validator';
import { type FieldError, toErrors } from './field-error';

/** A control's value as the DTO wants it: what was left empty is absent. */
export function orAbsent<T>(value: T): Exclude<T, null | ''> | undefined {
  return value === null || value === '' ? undefined : (value as Exclude<T, null | ''>);
}

/** Checks a control with the rules of one member of a DTO class, the very ones the server checks. */
export function dtoField<T extends object>(Dto: new () => T, member: keyof T & string): ValidatorFn {
  return (control) => {
    const value: unknown = orAbsent(control.value as unknown);
    const dto = Object.assign(new Dto(), { [member]: value });
    const failure = validateSync(dto).find(({ property }) => property === member);
    return failure?.constraints === undefined
      ? null
      : toErrors(fieldError(member, failure.constraints, value === undefined));
  };
}

function fieldError(member: string, constraints: Record<string, string>, isEmpty: boolean): FieldError {
  const [constraint, sentence] = Object.entries(constraints)[0] ?? ['', ''];
  return { rules: isEmpty ? ['required'] : [`${member}.${constraint}`, constraint], sentence };
}
