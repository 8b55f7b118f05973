import { afterEveryRender, Directive, DOCUMENT, ElementRef, inject } from '@angular/core';

/**
 * Moves the focus when the focused row is removed: to the next row, the last one or the heading of the page.
 * Every row has one element with `data-row`.
 */
@Directive({ selector: '[appKeepFocus]', host: { '(focusin)': 'track($event)' } })
export class KeepFocus {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly document = inject(DOCUMENT);
  private focused: { element: HTMLElement; place: number } | null = null;

  constructor() {
    afterEveryRender({ read: () => this.restore() });
  }

  protected track({ target }: FocusEvent): void {
    if (target instanceof HTMLElement) {
      const row = target.closest('tr, li, mat-row');
      this.focused = { element: target, place: this.rows().findIndex((each) => row?.contains(each)) };
    }
  }

  private restore(): void {
    // An open dialog hides everything else from assistive technology. It keeps the focus until it has closed.
    const isCovered =
      this.host.closest('[aria-hidden="true"]') !== null ||
      this.document.activeElement?.closest('.cdk-overlay-container') != null;
    if (isCovered || this.focused === null || this.focused.element.isConnected) {
      return;
    }
    const { place } = this.focused;
    this.focused = null;
    if (place >= 0 && this.document.activeElement === this.document.body) {
      const rows = this.rows();
      (
        rows[Math.min(place, rows.length - 1)] ?? this.document.querySelector<HTMLElement>('main h1')
      )?.focus();
    }
  }

  private rows(): HTMLElement[] {
    return [...this.host.querySelectorAll<HTMLElement>('[data-row]')];
  }
}
