import { computed, type Signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import type { ValidationErrors, AbstractControl } from '@angular/forms';
import { map, startWith, switchMap } from 'rxjs';
import { injectTexts } from '../../core/language';
import type { Texts } from '../../core/texts/texts';

/** What is wrong with a field, for the catalogue to put into words. */
export interface FieldError {
  /** The rules that it breaks, as the catalogue names them, the most exact first. */
  readonly rules: readonly string[];
  /** What is said if the catalogue knows none of them. */
  readonly sentence: string;
  /** Of a password that is too short, how long it has to be. */
  readonly minimum?: number;
}

/** The errors of a control with one of ours in it. */
export function toErrors(error: FieldError): ValidationErrors {
  return { field: error };
}

/** The sentence for the first of a control's errors, ours or Angular's own; `null` if there is none. */
export function errorText(errors: ValidationErrors | null, { fields }: Texts): string | null {
  const [rule, value] = Object.entries(errors ?? {})[0] ?? [];
  if (rule === undefined) {
    return null;
  }
  const error: FieldError = rule === 'field' ? (value as FieldError) : { rules: [rule], sentence: rule };
  const { rules, sentence, minimum } = error;
  if (minimum !== undefined) {
    return fields.tooShort(minimum);
  }
  const known = rules.find((name) => fields.rules[name] !== undefined) ?? '';
  return fields.rules[known] ?? sentence;
}

/** The sentence for what is wrong with a control, as a signal; `null` while nothing is. */
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
