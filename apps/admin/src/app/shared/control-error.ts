import { computed, type Signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import type { AbstractControl } from '@angular/forms';
import { map, startWith, switchMap } from 'rxjs';
import { injectTexts } from '../core/language';
import { errorText } from './field-error';

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
