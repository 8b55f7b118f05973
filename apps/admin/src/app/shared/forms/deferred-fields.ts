// Loaded when a dialog first needs them, because Material's form field is large.
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  input,
  output,
  viewChild,
} from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { injectTexts } from '../../core/language';

/** Checkbox of a confirmation, and the field for a word that the user must type. */
@Component({
  selector: 'app-confirm-fields',
  imports: [MatCheckbox, MatFormFieldModule, MatInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (option(); as option) {
      <mat-checkbox class="flush" (change)="checked.emit($event.checked)">{{ option }}</mat-checkbox>
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
      margin-bottom: var(--space-2);
    }
  `,
})
export class ConfirmFields {
  readonly option = input<string>();
  readonly word = input<string>();
  readonly checked = output<boolean>();
  readonly typed = output<string>();
  readonly submitted = output();

  protected readonly t = injectTexts();
  private readonly field = viewChild<ElementRef<HTMLInputElement>>('field');

  constructor() {
    afterNextRender(() => this.field()?.nativeElement.focus());
  }
}
