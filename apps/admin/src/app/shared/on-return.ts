import { DestroyRef, DOCUMENT, inject } from '@angular/core';

/** Longest time between the two events of one return, in milliseconds. */
const SAME_RETURN = 1_000;

/** Calls a function when the user returns: when the tab becomes visible, or its window gets the focus. */
export function onReturn(act: () => void): void {
  const document = inject(DOCUMENT);
  const window = document.defaultView;
  let time = -Infinity;
  const handle = ({ timeStamp }: Event): void => {
    if (document.visibilityState === 'visible' && timeStamp - time > SAME_RETURN) {
      time = timeStamp;
      act();
    }
  };
  document.addEventListener('visibilitychange', handle);
  window?.addEventListener('focus', handle);
  inject(DestroyRef).onDestroy(() => {
    document.removeEventListener('visibilitychange', handle);
    window?.removeEventListener('focus', handle);
  });
}
