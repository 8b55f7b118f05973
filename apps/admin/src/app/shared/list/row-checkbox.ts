import { booleanAttribute, ChangeDetectionStrategy, Component, input, output } from '@angular/core';

/** A box by which rows are selected: a checkbox of the browser's own, as there is one in every row. */
@Component({
  selector: 'app-row-checkbox',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(click)': 'toggled.emit($event.shiftKey)', '(mousedown)': 'keepFromMarking($event)' },
  template: `
    <input
      type="checkbox"
      [attr.aria-label]="label()"
      [checked]="checked()"
      [indeterminate]="indeterminate()"
    />
  `,
  styles: `
    :host {
      display: grid;
      flex: none;
      place-items: center;
      width: 40px;
      height: 40px;
      cursor: pointer;
    }
    input {
      width: 18px;
      height: 18px;
      margin: 0;
      accent-color: var(--mat-sys-primary);
      cursor: inherit;
    }
    input:focus-visible {
      outline: 2px solid var(--mat-sys-primary);
      outline-offset: 3px;
      border-radius: 2px;
    }
  `,
})
export class RowCheckbox {
  readonly label = input.required<string>();
  readonly checked = input.required<boolean>();
  readonly indeterminate = input(false, { transform: booleanAttribute });
  /** Whoever toggles it holds the shift key, if `true`. */
  readonly toggled = output<boolean>();

  /** A click with the shift key selects rows, not their text. */
  protected keepFromMarking(event: MouseEvent): void {
    if (event.shiftKey) {
      event.preventDefault();
    }
  }
}
