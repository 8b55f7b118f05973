import { computed, inject, type Signal } from '@angular/core';
import type { ValidatorFn } from '@angular/forms';
import { passwordLength } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { toErrors } from './field-error';
import { PasswordMinimum } from './password-minimum';

/** Adds to the rules of a new password how long it has to be here, where the rules know only what every server asks for. */
export function newPassword(rules: ValidatorFn): ValidatorFn {
  const minimum = inject(PasswordMinimum);
  return (control) => {
    const errors = rules(control);
    const length = passwordLength(String(control.value));
    return errors === null || length === 0 || length >= minimum.length()
      ? errors
      : toErrors({ rules: [], sentence: '', minimum: minimum.length() });
  };
}

/** What is said below a new password while it is typed. */
export function newPasswordHint(typed: Signal<string>): Signal<string> {
  const minimum = inject(PasswordMinimum);
  const t = injectTexts();
  return computed(() => {
    const length = passwordLength(typed());
    const { wanted, soFar } = t().fields.passwordHints;
    return length === 0 ? wanted(minimum.length()) : `${wanted(minimum.length())} ${soFar(length)}`;
  });
}
