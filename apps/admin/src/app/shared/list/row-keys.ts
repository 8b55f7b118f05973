import { Directive, ElementRef, inject, output } from '@angular/core';

/** A row that is to be selected, or the range up to it. */
export interface RowChoice {
  readonly id: string;
  readonly isRange: boolean;
}

/** Where the arrow down leads into the rows. */
const SEARCH = 'input[type=search]';

/**
 * Moves the focus from the search to the rows and from row to row with the arrow keys, and selects rows with the space bar. Every row has one element whose
 * `data-row` is its id; where it is empty the space bar does what it does to that element anyway.
 */
@Directive({
  selector: '[appRowKeys]',
  host: {
    '(document:keydown.arrowdown)': 'enter($event)',
    '(keydown.arrowdown)': 'move($event, 1)',
    '(keydown.arrowup)': 'move($event, -1)',
    '(keydown.home)': 'move($event, -Infinity)',
    '(keydown.end)': 'move($event, Infinity)',
    '(keydown.space)': 'choose($event, false)',
    '(keydown.shift.space)': 'choose($event, true)',
  },
})
export class RowKeys {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;

  readonly rowChoice = output<RowChoice>();

  protected readonly Infinity = Infinity;

  protected enter(event: Event): void {
    const first = this.rows()[0];
    if (first !== undefined && event.target instanceof Element && event.target.matches(SEARCH)) {
      event.preventDefault();
      first.focus();
    }
  }

  protected move(event: Event, steps: number): void {
    const rows = this.rows();
    const at = rows.findIndex((row) => row === event.target);
    if (at < 0) {
      return;
    }
    event.preventDefault();
    rows[Math.min(Math.max(at + steps, 0), rows.length - 1)]?.focus();
  }

  protected choose(event: Event, isRange: boolean): void {
    const id = event.target instanceof HTMLElement ? event.target.dataset['row'] : undefined;
    if (id) {
      event.preventDefault();
      this.rowChoice.emit({ id, isRange });
    }
  }

  private rows(): HTMLElement[] {
    return [...this.host.querySelectorAll<HTMLElement>('[data-row]')];
  }
}
