import { afterNextRender, ElementRef, inject } from '@angular/core';

/** Puts the cursor into the first field of the component as soon as it is there. */
export function focusFirstField(): void {
  const host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  afterNextRender(() => host.querySelector('input')?.focus());
}
