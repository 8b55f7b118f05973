import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  input,
  signal,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatAutocompleteModule } from '@angular/material/autocomplete';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { RouterLink } from '@angular/router';
import { CreateTokenDto, TokenFilterDto } from '@latchkey/auth-models';
import { debounceTime, firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { focusFirstInvalid } from '../../shared/focus';
import { dtoField } from '../../shared/forms/dto-field';
import { controlError, toErrors } from '../../shared/forms/field-error';
import { FormError } from '../../shared/forms/form-error';
import { showServerErrors } from '../../shared/forms/server-errors';
import { submission } from '../../shared/forms/submission';
import { SubmitButton } from '../../shared/forms/submit-button';
import type { CanLeave } from '../../shared/leave-guard';
import { loaded } from '../../shared/loaded';
import { BackLink } from '../../shared/ui/back-link';
import { CreatedToken, oneTimeSecret } from '../created-token';
import { chosenExpiry, type ExpiryChoice } from '../expiry-choice';
import { ExpiryPicker } from '../expiry-picker';
import { TokensApi } from '../tokens-api';
import { PermissionPicker } from './permission-picker';

/** Makes a token, for oneself or a user, and shows its secret once. */
@Component({
  selector: 'app-new-token',
  imports: [
    BackLink,
    ExpiryPicker,
    CreatedToken,
    MatAutocompleteModule,
    MatButton,
    MatFormFieldModule,
    MatInput,
    PermissionPicker,
    ReactiveFormsModule,
    FormError,
    RouterLink,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './new-token.html',
  styleUrl: './new-token.scss',
})
export class NewToken implements CanLeave {
  private readonly api = inject(TokensApi);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly session = inject(Session);

  /** The owner that is meant, from the address; one's own if left out. */
  readonly user = input<string>();

  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    user: ['', [Validators.required, dtoField(TokenFilterDto, 'user')]],
    note: ['', [Validators.required, dtoField(CreateTokenDto, 'note')]],
  });
  protected readonly errors = {
    user: controlError(() => this.form.controls.user),
    note: controlError(() => this.form.controls.note),
  };
  protected readonly choice = signal<ExpiryChoice>({ kind: 'days', days: 90 });
  protected readonly permissions = signal<readonly string[] | null>(null);
  protected readonly submission = submission(this.form);
  protected readonly refusal = signal<string | null>(null);
  protected readonly once = oneTimeSecret();
  protected readonly mayChooseOwner = computed(() => this.session.can('tokens:write'));
  private readonly ownName = computed(() => this.session.me()?.name ?? '');
  private readonly typed = toSignal(this.form.controls.user.valueChanges.pipe(debounceTime(250)), {
    initialValue: '',
  });
  protected readonly suggested = loaded(
    () => (this.session.can('users:read') ? `q${this.typed().trim()}` : null),
    (text) => this.api.suggestOwners(text.slice(1)),
  );

  constructor() {
    effect(() => {
      const wished = this.mayChooseOwner() ? this.user() : undefined;
      this.form.controls.user.setValue(wished ?? this.ownName());
    });
  }

  mayLeave(): boolean | Promise<boolean> {
    return this.once.mayLeave();
  }

  protected create(): Promise<void> {
    const end = chosenExpiry(this.choice(), Date.now());
    if (end === null) {
      this.host.querySelector<HTMLElement>('[type=datetime-local]')?.focus();
      return Promise.resolve();
    }
    return this.submission.submit(
      async () => {
        this.refusal.set(null);
        const { user, note } = this.form.getRawValue();
        const permissions = this.permissions();
        const wish: CreateTokenDto = {
          note: note.trim(),
          expirationTime: end.instant,
          ...(permissions !== null && { permissions: [...permissions] }),
        };
        const isOwn = user.trim() === this.ownName();
        const made = isOwn ? this.api.createOwn(wish) : this.api.create(user.trim(), wish);
        this.once.token.set(await firstValueFrom(made));
      },
      (problem) => {
        if (problem.status === 404) {
          const sentence = this.t().tokens.newToken.noSuchOwner;
          this.form.controls.user.setErrors(toErrors({ rules: [], sentence }));
        } else {
          this.refusal.set(showServerErrors(this.form, problem, this.t()));
        }
        focusFirstInvalid(this.host);
      },
    );
  }
}
