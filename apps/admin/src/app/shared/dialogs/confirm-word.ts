import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  input,
  output,
  viewChild,
} from '@angular/core';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { injectTexts } from '../../core/language';

/** Field for a word that the user must type to confirm an action. */
@Component({
  selector: 'app-confirm-word',
  imports: [MatFormFieldModule, MatInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <mat-form-field appearance="outline" subscriptSizing="dynamic">
      <mat-label>{{ t().common.typeToConfirm(word()) }}</mat-label>
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
  `,
  styles: `
    :host,
    mat-form-field {
      display: block;
    }
  `,
})
export class ConfirmWord {
  readonly word = input.required<string>();
  readonly typed = output<string>();
  readonly submitted = output();

  protected readonly t = injectTexts();
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');

  constructor() {
    afterNextRender(() => this.field().nativeElement.focus());
  }
}
