import { computed, type Signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import type { AbstractControl } from '@angular/forms';
import { map, startWith, switchMap } from 'rxjs';
import { MESSAGES } from '../core/messages';

/** The sentence for what is wrong with a control, as a signal; `null` while nothing is. */
export function controlError(control: () => AbstractControl): Signal<string | null> {
  const messages = toObservable(computed(control)).pipe(
    switchMap((current) =>
      current.events.pipe(
        startWith(null),
        map(() => messageOf(current)),
      ),
    ),
  );
  return toSignal(messages, { initialValue: null });
}

function messageOf({ errors }: AbstractControl): string | null {
  const [key, value] = Object.entries(errors ?? {})[0] ?? [];
  if (key === undefined) {
    return null;
  }
  return typeof value === 'string' ? value : (MESSAGES.fields[key] ?? key);
}
