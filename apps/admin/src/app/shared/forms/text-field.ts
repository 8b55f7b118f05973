import { booleanAttribute, ChangeDetectionStrategy, Component, input } from '@angular/core';
import { type FormControl, ReactiveFormsModule } from '@angular/forms';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { controlError } from './field-error';

/** Text field with its error or hint below. */
@Component({
  selector: 'app-text-field',
  imports: [MatFormFieldModule, MatInput, ReactiveFormsModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <mat-form-field appearance="outline" hideRequiredMarker subscriptSizing="dynamic">
      <mat-label>{{ label() }}</mat-label>
      @if (prefix(); as prefix) {
        <span matTextPrefix class="quiet">{{ prefix }}</span>
      }
      @if (type() === 'area') {
        <textarea matInput rows="3" spellcheck="false" [formControl]="control()"></textarea>
      } @else {
        <input
          matInput
          [type]="type()"
          [formControl]="control()"
          [attr.min]="type() === 'number' ? 1 : null"
          [attr.aria-label]="fullName()"
          [attr.autocomplete]="autocomplete()"
          [attr.inputmode]="inputMode()"
          [attr.autocapitalize]="isName() ? 'none' : null"
          [attr.spellcheck]="isName() ? false : null"
        />
      }
      @if (hint(); as hint) {
        <mat-hint>{{ hint }}</mat-hint>
      }
      <mat-error>{{ error() }}</mat-error>
    </mat-form-field>
  `,
  styles: `
    :host,
    mat-form-field {
      display: block;
    }
    textarea {
      font: 0.8125rem/1.6 var(--app-mono);
    }
  `,
})
export class TextField {
  readonly label = input.required<string>();
  readonly control = input.required<FormControl<string>>();
  readonly hint = input('');
  readonly type = input<'text' | 'email' | 'number' | 'datetime-local' | 'area'>('text');
  readonly autocomplete = input('off');
  /** Keyboard of a phone, if not that of the type. */
  readonly inputMode = input<'numeric' | null>(null);
  /** Whether the text is a name, which browsers must not capitalize or correct. */
  readonly isName = input(false, { transform: booleanAttribute });
  /** Text before the input. */
  readonly prefix = input('');
  /** Name for screen readers, where the label alone is not unique. */
  readonly fullName = input<string | null>(null);

  protected readonly error = controlError(() => this.control());
}
