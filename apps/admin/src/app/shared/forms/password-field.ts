import {
  booleanAttribute,
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  input,
  signal,
  viewChild,
} from '@angular/core';
import { type FormControl, ReactiveFormsModule } from '@angular/forms';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { injectTexts } from '../../core/language';
import { Icon } from '../ui/icon';
import { controlError } from './field-error';

/** Password field that can show the password, with its error or hint below, and can generate one. */
@Component({
  selector: 'app-password-field',
  imports: [Icon, MatButton, MatFormFieldModule, MatIconButton, MatInput, ReactiveFormsModule],
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
    @if (canGenerate()) {
      <button matButton="tonal" type="button" (click)="generate()">
        <app-icon matButtonIcon name="dice" />{{ t().users.form.generate }}
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: flex-start;
      gap: var(--space-3);
    }
    mat-form-field {
      flex: 1 1 260px;
    }
    [matSuffix] {
      margin-right: var(--space-1);
    }
    [matButton] {
      height: 52px;
    }
  `,
})
export class PasswordField {
  readonly label = input.required<string>();
  readonly control = input.required<FormControl<string>>();
  readonly autocomplete = input.required<'current-password' | 'new-password'>();
  readonly hint = input('');
  readonly canGenerate = input(false, { transform: booleanAttribute });

  protected readonly t = injectTexts();
  protected readonly isShown = signal(false);
  protected readonly error = controlError(() => this.control());
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private generated: string | null = null;

  /** Whether the password was generated here and not typed. */
  isGenerated(): boolean {
    return this.control().value === this.generated;
  }

  /** Focuses the field and selects its content. */
  select(): void {
    this.field().nativeElement.focus();
    this.field().nativeElement.select();
  }

  protected generate(): void {
    this.generated = generatePassword();
    this.control().setValue(this.generated);
    this.isShown.set(true);
  }
}

const CONSONANTS = 'bdfghjkmnprstvwz';
const VOWELS = 'aeio';
const GROUPS = 4;
const SYLLABLES_PER_GROUP = 3;

/**
 * Returns a random password that can be read out and typed: `tavodi-kemira-posano-zigeha`. A syllable of one
 * of 16 consonants and one of 4 vowels takes exactly 6 random bits, so the 27 characters hold 72.
 */
export function generatePassword(): string {
  const random = crypto.getRandomValues(new Uint8Array(GROUPS * SYLLABLES_PER_GROUP));
  const syllables = Array.from(random, (byte) => `${CONSONANTS[byte & 15]}${VOWELS[(byte >> 4) & 3]}`);
  const groups = Array.from({ length: GROUPS }, (_, group) =>
    syllables.slice(group * SYLLABLES_PER_GROUP, (group + 1) * SYLLABLES_PER_GROUP).join(''),
  );
  return groups.join('-');
}
