// Loaded when a menu or dialog first needs them, because Material's form field is large.
import { A11yModule } from '@angular/cdk/a11y';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  input,
  output,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { injectTexts } from '../../core/language';
import type { ConfirmOption } from '../dialogs/confirm';
import type { ListFilter } from '../filters/filter-chip';
import { localTime } from '../time/format-time';

/** Checkbox of a confirmation, and the field for a word that the user must type. */
@Component({
  selector: 'app-confirm-fields',
  imports: [MatCheckbox, MatFormFieldModule, MatInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (option(); as option) {
      <mat-checkbox (change)="option.isChecked.set($event.checked)">{{ option.label }}</mat-checkbox>
    }
    @if (word(); as word) {
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ t().common.typeToConfirm(word) }}</mat-label>
        <input
          #field
          matInput
          autocomplete="off"
          autocapitalize="none"
          spellcheck="false"
          (input)="typed.emit(field.value.trim())"
          (keydown.enter)="submitted.emit()"
        />
      </mat-form-field>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    mat-checkbox {
      display: block;
      margin: 0 0 8px -11px;
    }
  `,
})
export class ConfirmFields {
  readonly option = input<ConfirmOption>();
  readonly word = input<string>();
  readonly typed = output<string>();
  readonly submitted = output();

  protected readonly t = injectTexts();
  private readonly field = viewChild<ElementRef<HTMLInputElement>>('field');

  constructor() {
    afterNextRender(() => this.field()?.nativeElement.focus());
  }
}

/** Form for the free text of a filter. */
@Component({
  selector: 'app-typed-filter',
  imports: [A11yModule, MatButton, MatFormFieldModule, MatInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form
      cdkTrapFocus
      cdkTrapFocusAutoCapture
      role="dialog"
      [attr.aria-label]="filter().label"
      (submit)="$event.preventDefault(); apply(field.value)"
    >
      <mat-form-field appearance="outline" subscriptSizing="dynamic">
        <mat-label>{{ filter().label }}</mat-label>
        <input
          #field
          matInput
          autocomplete="off"
          spellcheck="false"
          maxlength="256"
          [type]="filter().isInstant ? 'datetime-local' : 'text'"
          [value]="typed()"
        />
      </mat-form-field>
      <button matButton="tonal" type="submit">{{ t().lists.apply }}</button>
    </form>
  `,
  styles: `
    form {
      display: grid;
      gap: 12px;
      width: 272px;
      margin-top: 4px;
      padding: 16px;
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: 12px;
      background: var(--app-card);
      box-shadow: var(--mat-sys-level2);
    }
  `,
})
export class TypedFilter {
  readonly filter = input.required<ListFilter>();
  /** Current value; `null` = not set. */
  readonly value = input.required<string | null>();
  readonly valueChange = output<string | null>();

  protected readonly t = injectTexts();
  /** The value for the field; instants in local time. */
  protected readonly typed = computed(() => {
    const value = this.value() ?? '';
    return this.filter().isInstant && value !== '' ? localTime(value) : value;
  });

  protected apply(text: string): void {
    const value = text.trim();
    const isInstant = this.filter().isInstant && value !== '';
    this.valueChange.emit((isInstant ? new Date(value).toISOString() : value) || null);
  }
}
