import { Directive, ElementRef, inject } from '@angular/core';

/** Moves the focus from row to row with the arrow keys; every row has one element marked with `data-row`. */
@Directive({
  selector: '[appRowKeys]',
  host: {
    '(keydown.arrowdown)': 'move($event, 1)',
    '(keydown.arrowup)': 'move($event, -1)',
    '(keydown.home)': 'move($event, -Infinity)',
    '(keydown.end)': 'move($event, Infinity)',
  },
})
export class RowKeys {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  protected readonly Infinity = Infinity;

  protected move(event: Event, steps: number): void {
    const rows = [...this.host.querySelectorAll<HTMLElement>('[data-row]')];
    const at = rows.findIndex((row) => row === event.target);
    if (at < 0) {
      return;
    }
    event.preventDefault();
    rows[Math.min(Math.max(at + steps, 0), rows.length - 1)]?.focus();
  }
}
