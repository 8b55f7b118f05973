import { afterNextRender, ElementRef, inject } from '@angular/core';

/** Puts the cursor into the first field of the component as soon as it is there. */
export function focusFirstField(): void {
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  afterNextRender(() => host.querySelector('input')?.focus());
}

/** Moves the focus to the first field of a form that is wrong, once the page shows that it is. */
export function focusFirstInvalid(host: HTMLElement): void {
  setTimeout(() => host.querySelector<HTMLElement>('input.ng-invalid')?.focus());
}

/**
 * Where the focus belongs after a dialog that is opened now: to what has it, or, as the item of a menu goes away with the menu,
 * to the button that opened that.
 */
export function focusOrigin(): HTMLElement | true {
  const menu = document.activeElement?.closest('[role=menu]');
  return menu?.id ? (document.querySelector<HTMLElement>(`[aria-controls="${menu.id}"]`) ?? true) : true;
}
