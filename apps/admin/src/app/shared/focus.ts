import { afterNextRender, DOCUMENT, effect, ElementRef, inject, Injector } from '@angular/core';

/** Focuses the first editable field of the component once it is rendered. */
export function focusFirstField(): void {
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  afterNextRender(() => host.querySelector<HTMLElement>('input:not([readonly])')?.focus());
}

/** Focuses the first invalid field of a form once its error is rendered. */
export function focusFirstInvalid(host: HTMLElement): void {
  setTimeout(() => host.querySelector<HTMLElement>(':is(input, textarea, [tabindex]).ng-invalid')?.focus());
}

/** Controls that act on a click. A select is missing, because it needs the focus for its keys. */
const CLICKABLE = 'a, button, mat-checkbox, mat-radio-button, [role=tab]';

/**
 * Keeps the focus in a field while a link or a button is pressed, if leaving the field would show its first
 * error. The error would move the page under the pointer, and the click would be lost.
 */
export function keepFocusWhilePressing(document: Document): void {
  document.addEventListener('mousedown', (event) => {
    const isPressed = event.target instanceof Element && event.target.closest(CLICKABLE) !== null;
    if (isPressed && document.activeElement?.matches('.ng-untouched.ng-invalid')) {
      event.preventDefault();
    }
  });
}

/**
 * Returns the element to focus after a dialog that is opened now: the focused one, or the button of the menu
 * whose item is focused, because the menu closes.
 */
export function focusOrigin(): HTMLElement | true {
  const menu = document.activeElement?.closest('[role=menu]');
  return menu?.id ? (document.querySelector<HTMLElement>(`[aria-controls="${menu.id}"]`) ?? true) : true;
}

/** Focuses a place in the component when `count` decreases and the part with the focus disappears. */
export function focusAfterRemoval(count: () => number, place: string): void {
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  const injector = inject(Injector);
  const document = inject(DOCUMENT);
  let before = 0;
  effect(() => {
    const isRemoved = count() < before;
    before = count();
    if (isRemoved && host.contains(document.activeElement)) {
      const isLost = () => document.activeElement === document.body;
      afterNextRender(() => isLost() && host.querySelector<HTMLElement>(place)?.focus(), { injector });
    }
  });
}
