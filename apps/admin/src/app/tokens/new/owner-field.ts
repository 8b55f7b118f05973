import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { type FormControl, ReactiveFormsModule } from '@angular/forms';
import { MatAutocompleteModule } from '@angular/material/autocomplete';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { controlError } from '../../shared/forms/field-error';
import { loaded } from '../../shared/loaded';
import { TokensApi } from '../tokens-api';

/** Field for the owner of a token, which suggests users. */
@Component({
  selector: 'app-owner-field',
  imports: [MatAutocompleteModule, MatFormFieldModule, MatInput, ReactiveFormsModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <mat-form-field appearance="outline" hideRequiredMarker subscriptSizing="dynamic">
      <mat-label>{{ t().tokens.columns.user }}</mat-label>
      <input
        matInput
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        [formControl]="control()"
        [matAutocomplete]="owners"
      />
      <mat-autocomplete #owners autoActiveFirstOption>
        @for (user of suggested.value()?.items ?? []; track user.id) {
          <mat-option [value]="user.name">
            <bdi>{{ user.name }}</bdi>
            @if (user.displayName; as displayName) {
              <bdi class="quiet">{{ displayName }}</bdi>
            }
          </mat-option>
        }
      </mat-autocomplete>
      <mat-hint>{{ hint() }}</mat-hint>
      <mat-error>{{ error() }}</mat-error>
    </mat-form-field>
  `,
  styles: `
    mat-option .quiet {
      margin-left: 8px;
    }
  `,
})
export class OwnerField {
  private readonly api = inject(TokensApi);
  private readonly session = inject(Session);

  readonly control = input.required<FormControl<string>>();
  readonly hint = input.required<string>();
  /** The typed text, once the user pauses. */
  readonly typed = input.required<string>();

  protected readonly t = injectTexts();
  protected readonly error = controlError(() => this.control());
  protected readonly suggested = loaded(
    () => (this.session.can('users:read') ? `q${this.typed()}` : null),
    (text) => this.api.suggestOwners(text.slice(1)),
  );
}
