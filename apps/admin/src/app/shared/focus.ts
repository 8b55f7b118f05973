import { afterNextRender, ElementRef, inject } from '@angular/core';

/** Focuses the first editable field of the component once it is rendered. */
export function focusFirstField(): void {
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  afterNextRender(() => host.querySelector<HTMLElement>('input:not([readonly])')?.focus());
}

/** Focuses the first invalid field of a form once its error is rendered. */
export function focusFirstInvalid(host: HTMLElement): void {
  setTimeout(() => host.querySelector<HTMLElement>(':is(input, textarea).ng-invalid')?.focus());
}

/**
 * Returns the element to focus after a dialog that is opened now: the focused one, or the button of the menu
 * whose item is focused, because the menu closes.
 */
export function focusOrigin(): HTMLElement | true {
  const menu = document.activeElement?.closest('[role=menu]');
  return menu?.id ? (document.querySelector<HTMLElement>(`[aria-controls="${menu.id}"]`) ?? true) : true;
}
