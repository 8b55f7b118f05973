import { afterEveryRender, Directive, DOCUMENT, ElementRef, inject } from '@angular/core';

/**
 * Keeps the focus among rows when the one that had it goes away: the next row gets it, else the last one, else the heading of
 * the page. Every row has one element with `data-row`.
 */
@Directive({ selector: '[appKeepFocus]', host: { '(focusin)': 'remember($event)' } })
export class KeepFocus {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly document = inject(DOCUMENT);
  private focused: { element: HTMLElement; place: number } | null = null;

  constructor() {
    afterEveryRender({ read: () => this.mend() });
  }

  protected remember({ target }: FocusEvent): void {
    if (target instanceof HTMLElement) {
      const row = target.closest('tr, li, mat-row');
      this.focused = { element: target, place: this.rows().findIndex((each) => row?.contains(each)) };
    }
  }

  private mend(): void {
    // While a dialog is open all else is hidden from assistive technology, and the focus belongs there.
    const isCovered = this.host.closest('[aria-hidden="true"]') !== null;
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
