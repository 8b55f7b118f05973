import { Location } from '@angular/common';
import {
  booleanAttribute,
  ChangeDetectionStrategy,
  Component,
  input,
  output,
  Directive,
  ElementRef,
  inject,
  DOCUMENT,
} from '@angular/core';
import { Router, type UrlTree } from '@angular/router';

/** Checkbox of a row. A native one, because every row has one and Material's takes longer to create. */
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
  `,
})
export class RowCheckbox {
  readonly label = input.required<string>();
  readonly checked = input.required<boolean>();
  readonly indeterminate = input(false, { transform: booleanAttribute });
  /** Emits whether the shift key is held. */
  readonly toggled = output<boolean>();

  /** Prevents a click with the shift key from selecting text. */
  protected keepFromMarking(event: MouseEvent): void {
    if (event.shiftKey) {
      event.preventDefault();
    }
  }
}

/** A row of a list with its identity and the link to its page. */
export interface ListRow<T> {
  readonly row: T;
  readonly id: string;
  readonly name: string;
  readonly link: UrlTree;
}

/** A row to toggle, or the range up to it. */
export interface RowChoice {
  readonly id: string;
  readonly isRange: boolean;
}

/** Field from which the arrow key leads into the rows. */
const SEARCH = 'input[type=search]';

/**
 * Moves the focus from the search to the rows and between rows with the arrow keys, and toggles rows with the
 * space bar. Every row has one element with its id as `data-row`; where that is empty the space bar keeps its
 * usual effect.
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

/** Elements that handle clicks themselves. */
const OWN_EFFECT = 'a, button, input, label, app-row-checkbox, [role=button], [role=menuitem]';

/** Makes a whole row act as its link. The middle button opens a new tab. */
@Directive({
  selector: '[appRowLink]',
  host: {
    '(click)': 'follow($event)',
    '(auxclick)': 'follow($event)',
    '(mousedown)': 'keepFromScrolling($event)',
  },
})
export class RowLink {
  private readonly location = inject(Location);
  private readonly router = inject(Router);
  private readonly window = inject(DOCUMENT).defaultView;

  readonly link = input.required<UrlTree>({ alias: 'appRowLink' });

  protected follow(event: MouseEvent): void {
    const link = this.link();
    const hasOwnEffect = event.target instanceof Element && event.target.closest(OWN_EFFECT) !== null;
    // Selecting text to copy it is not a click.
    const isMarking = this.window?.getSelection()?.type === 'Range';
    if (hasOwnEffect || isMarking || event.button > 1) {
      return;
    }
    if (event.button === 1 || event.ctrlKey || event.metaKey) {
      const path = this.location.prepareExternalUrl(this.router.serializeUrl(link));
      this.window?.open(path, '_blank', 'noopener');
    } else {
      void this.router.navigateByUrl(link);
    }
  }

  protected keepFromScrolling(event: MouseEvent): void {
    if (event.button === 1) {
      event.preventDefault();
    }
  }
}
