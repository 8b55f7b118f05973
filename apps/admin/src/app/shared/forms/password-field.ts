import { ChangeDetectionStrategy, Component, ElementRef, input, signal, viewChild } from '@angular/core';
import { type FormControl, ReactiveFormsModule } from '@angular/forms';
import { MatIconButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { injectTexts } from '../../core/language';
import { Icon } from '../ui/icon';
import { controlError } from './field-error';

/** A password that can be shown, with its error or hint below. */
@Component({
  selector: 'app-password-field',
  imports: [Icon, MatFormFieldModule, MatIconButton, MatInput, ReactiveFormsModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <mat-form-field appearance="outline" hideRequiredMarker subscriptSizing="dynamic">
      <mat-label>{{ label() }}</mat-label>
      <input
        #field
        matInput
        spellcheck="false"
        autocapitalize="none"
        [type]="isShown() ? 'text' : 'password'"
        [class.mono]="isShown()"
        [formControl]="control()"
        [attr.autocomplete]="autocomplete()"
      />
      <button
        matIconButton
        matSuffix
        type="button"
        [attr.aria-label]="isShown() ? t().common.password.hide : t().common.password.show"
        (click)="isShown.set(!isShown())"
      >
        <app-icon [name]="isShown() ? 'eyeOff' : 'eye'" />
      </button>
      <mat-error>{{ error() }}</mat-error>
      @if (hint(); as hint) {
        <mat-hint>{{ hint }}</mat-hint>
      }
    </mat-form-field>
  `,
  styles: `
    :host,
    mat-form-field {
      display: block;
    }
    button {
      display: grid;
      place-items: center;
      margin-right: 4px;
      padding: 0;
    }
  `,
})
export class PasswordField {
  readonly label = input.required<string>();
  readonly control = input.required<FormControl<string>>();
  readonly autocomplete = input.required<'current-password' | 'new-password'>();
  readonly hint = input('');

  /** Whether the password can be read. */
  readonly isShown = signal(false);

  protected readonly t = injectTexts();
  protected readonly error = controlError(() => this.control());
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');

  /** Takes a password that was made for the person, and shows it. */
  fill(password: string): void {
    this.control().setValue(password);
    this.isShown.set(true);
  }

  /** Puts the cursor here with the whole password selected, ready to be typed anew. */
  select(): void {
    this.field().nativeElement.focus();
    this.field().nativeElement.select();
  }
}
