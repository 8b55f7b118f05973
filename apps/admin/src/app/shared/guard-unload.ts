import { DestroyRef, DOCUMENT, inject } from '@angular/core';

/** Has the browser ask before the tab is closed or reloaded, as long as something would be lost. */
export function guardUnload(wouldLose: () => boolean): void {
  const window = inject(DOCUMENT).defaultView;
  const ask = (event: BeforeUnloadEvent): void => {
    if (wouldLose()) {
      event.preventDefault();
    }
  };
  window?.addEventListener('beforeunload', ask);
  inject(DestroyRef).onDestroy(() => window?.removeEventListener('beforeunload', ask));
}
