import { BreakpointObserver } from '@angular/cdk/layout';
import { inject, type Signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { map } from 'rxjs';

/** Whether the screen is too narrow for a table. */
export function narrowScreen(): Signal<boolean> {
  const matches = inject(BreakpointObserver)
    .observe('(max-width: 1099px)')
    .pipe(map((state) => state.matches));
  return toSignal(matches, { initialValue: false });
}
