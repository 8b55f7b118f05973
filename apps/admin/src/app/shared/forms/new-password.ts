import { computed, inject, type Signal } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { FormControl, type ValidatorFn } from '@angular/forms';
import { DEFAULT_POLICY, passwordLength, type ValidationPolicy } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { ServerPolicy } from '../server-policy';
import { dtoField } from './dto-field';

/** Returns the policy of this server, and until it is loaded that of a server with default settings. */
function injectPolicy(): () => ValidationPolicy {
  const policy = inject(ServerPolicy).current;
  return () => policy.value() ?? DEFAULT_POLICY;
}

/** Validates a new password by the rules of a DTO class and the policy of this server. */
export function newPassword<T extends object>(Dto: new () => T, member: keyof T & string): ValidatorFn {
  return dtoField(Dto, member, injectPolicy());
}

/** Returns the hint below a new password while it is typed. */
export function newPasswordHint(typed: Signal<string>): Signal<string> {
  const policy = injectPolicy();
  const t = injectTexts();
  return computed(() => {
    const length = passwordLength(typed());
    const { wanted, soFar } = t().fields.passwordHints;
    const { minLength } = policy().password;
    return length === 0 ? wanted(minLength) : `${wanted(minLength)} ${soFar(length)}`;
  });
}

/** Returns the fields for a new password and its repetition, and the hint for the first. */
export function repeatedPassword<T extends object>(Dto: new () => T, member: keyof T & string) {
  const password = new FormControl('', { nonNullable: true, validators: newPassword(Dto, member) });
  const repeated = new FormControl('', {
    nonNullable: true,
    validators: ({ value }) => (value === password.value ? null : { mismatch: true }),
  });
  password.valueChanges.pipe(takeUntilDestroyed()).subscribe(() => repeated.updateValueAndValidity());
  const hint = newPasswordHint(toSignal(password.valueChanges, { initialValue: '' }));
  return { password, repeated, hint };
}
