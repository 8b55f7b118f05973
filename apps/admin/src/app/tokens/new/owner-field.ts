import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  signal,
  type Signal,
} from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatAutocompleteModule } from '@angular/material/autocomplete';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { type CreateTokenDto, TokenFilterDto, type UserTokenDto } from '@latchkey/auth-models';
import { debounceTime, map, type Observable } from 'rxjs';
import { injectTexts } from '../../core/language';
import type { Problem } from '../../core/problem';
import { Session } from '../../core/session';
import { dtoField } from '../../shared/forms/dto-field';
import { controlError, toErrors } from '../../shared/forms/field-error';
import { loaded } from '../../shared/loaded';
import { TokensApi } from '../tokens-api';

/** The owner of a new token: the signed-in user, or any with the permission. */
export type Owner = ReturnType<typeof injectOwner>;

/** @param requested name of the owner, from the URL. */
export function injectOwner(requested: Signal<string | undefined>) {
  const api = inject(TokensApi);
  const session = inject(Session);
  const texts = injectTexts();
  const canChoose = computed(() => session.can('tokens:write'));
  const own = computed(() => session.user()?.name ?? '');
  const control = inject(NonNullableFormBuilder).control('', [
    Validators.required,
    dtoField(TokenFilterDto, 'user'),
  ]);
  const changes = control.valueChanges.pipe(map((text) => text.trim()));
  const typed = toSignal(changes, { initialValue: '' });
  const name = signal('');
  changes.pipe(debounceTime(250), takeUntilDestroyed()).subscribe((text) => name.set(text));
  effect(() => {
    const initial = (canChoose() ? requested() : undefined) ?? own();
    control.setValue(initial);
    name.set(initial);
  });
  return {
    control,
    canChoose,
    own,
    /** Name of the owner, once the user pauses typing. */
    name: name.asReadonly(),
    /**
     * Whether the owner is another user. Does not wait for a pause, because the parts of the form for other
     * users would move the button during a click.
     */
    isOther: computed(() => canChoose() && !['', own()].includes(typed())),
    /** Creates a token of the owner. */
    create: (token: CreateTokenDto): Observable<UserTokenDto> => {
      const user = control.value.trim();
      return user === own() ? api.createOwn(token) : api.create(user, token);
    },
    /** Shows an error at the field if the problem is an unknown user. Returns whether it is. */
    showMissing: ({ status }: Problem): boolean => {
      const isMissing = status === 404 && canChoose();
      if (isMissing) {
        control.setErrors(toErrors({ rules: [], message: texts().newToken.noSuchOwner }));
        control.markAsTouched();
      }
      return isMissing;
    },
  };
}

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
        [formControl]="owner().control"
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
      margin-left: var(--space-2);
    }
  `,
})
export class OwnerField {
  private readonly api = inject(TokensApi);
  private readonly session = inject(Session);

  readonly owner = input.required<Owner>();
  readonly hint = input.required<string>();

  protected readonly t = injectTexts();
  protected readonly error = controlError(() => this.owner().control);
  protected readonly suggested = loaded(
    () => (this.session.can('users:read') ? `q${this.owner().name()}` : null),
    (text) => this.api.suggestOwners(text.slice(1)),
  );
}
