import { computed, type Signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import type { ValidationErrors, AbstractControl } from '@angular/forms';
import type { ProblemErrorDto } from '@latchkey/auth-models';
import { map, startWith, switchMap } from 'rxjs';
import { injectTexts } from '../../core/language';
import type { Texts } from '../../core/texts/texts';

/** Error of a field. The text catalogue has its wording. */
export interface FieldError {
  /** The broken rules by their names in the catalogue, the most specific first. */
  readonly rules: readonly string[];
  /** Message if the catalogue has none of the rules. */
  readonly message: string;
  /** Minimum length of a password that is too short. */
  readonly minimum?: number;
  /** Corrected form of a network with bits after its prefix. */
  readonly network?: string;
}

/** Returns the error of a field in a response. Its code is a rule in snake case, or a code of its own. */
export function responseError({ pointer, code, message }: ProblemErrorDto): FieldError {
  const rule = code.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const [, member = ''] = pointer.split('/');
  return { rules: [`${member}.${rule}`, rule, code], message };
}

/** Wraps an error as the errors of a control. */
export function toErrors(error: FieldError): ValidationErrors {
  return { field: error };
}

/** Returns the message for the first error of a control; `null` if there is none. */
export function errorText(errors: ValidationErrors | null, { fields, fieldRules }: Texts): string | null {
  const [rule, value] = Object.entries(errors ?? {})[0] ?? [];
  if (rule === undefined) {
    return null;
  }
  const error: FieldError = rule === 'field' ? (value as FieldError) : { rules: [rule], message: rule };
  const { rules, message, minimum, network } = error;
  if (network !== undefined) {
    return fields.hostBits(network);
  }
  if (minimum !== undefined) {
    return fields.tooShort(minimum);
  }
  const texts = { ...fieldRules, ...fields.rules };
  const known = rules.find((name) => texts[name] !== undefined) ?? '';
  return texts[known] ?? message;
}

/** Returns a signal with the error message of a control; `null` while it is valid. */
export function controlError(control: () => AbstractControl): Signal<string | null> {
  const texts = injectTexts();
  const errors = toSignal(
    toObservable(computed(control)).pipe(
      switchMap((current) =>
        current.events.pipe(
          startWith(null),
          map(() => current.errors),
        ),
      ),
    ),
    { initialValue: null },
  );
  return computed(() => errorText(errors(), texts()));
}
