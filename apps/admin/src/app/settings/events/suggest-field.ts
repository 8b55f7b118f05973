import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { type FormControl, ReactiveFormsModule } from '@angular/forms';
import { MatAutocompleteModule } from '@angular/material/autocomplete';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { debounceTime, startWith, switchMap } from 'rxjs';
import { Session } from '../../core/session';
import { controlError } from '../../shared/forms/field-error';
import { loaded } from '../../shared/loaded';
import { EventsApi } from './events-api';

/** Pause after which the field suggests names. */
const DEBOUNCE = 250;

/** Field for the name of a user or an API, which suggests those that the signed-in user may see. */
@Component({
  selector: 'app-suggest-field',
  imports: [MatAutocompleteModule, MatFormFieldModule, MatInput, ReactiveFormsModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <mat-form-field appearance="outline" hideRequiredMarker subscriptSizing="dynamic">
      <mat-label>{{ label() }}</mat-label>
      <input
        matInput
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        [formControl]="control()"
        [matAutocomplete]="names"
      />
      <mat-autocomplete #names>
        @for (item of suggested.value()?.items ?? []; track item.name) {
          <mat-option [value]="item.name">
            <bdi>{{ item.name }}</bdi>
          </mat-option>
        }
      </mat-autocomplete>
      <mat-hint>{{ hint() }}</mat-hint>
      <mat-error>{{ error() }}</mat-error>
    </mat-form-field>
  `,
})
export class SuggestField {
  private readonly api = inject(EventsApi);
  private readonly session = inject(Session);

  readonly control = input.required<FormControl<string>>();
  readonly label = input.required<string>();
  readonly hint = input.required<string>();
  /** Path of the list with the suggestions in the API. */
  readonly from = input.required<'/users' | '/apis'>();

  protected readonly error = controlError(() => this.control());
  private readonly typed = toSignal(
    toObservable(computed(() => this.control())).pipe(
      switchMap((control) => control.valueChanges.pipe(startWith(control.value))),
      debounceTime(DEBOUNCE),
    ),
  );
  protected readonly suggested = loaded(
    () => {
      const typed = this.typed();
      const path = this.from();
      const canSee = this.session.can(path === '/users' ? 'users:read' : 'apis:read');
      return typed !== undefined && canSee ? `${path} ${typed.trim()}` : null;
    },
    (key) => this.api.suggest(this.from(), key.slice(this.from().length + 1)),
  );
}
