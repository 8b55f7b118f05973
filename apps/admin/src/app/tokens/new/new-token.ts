import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  input,
  linkedSignal,
  signal,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatAutocompleteModule } from '@angular/material/autocomplete';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatDialog } from '@angular/material/dialog';
import { MatInput } from '@angular/material/input';
import { MatRadioModule } from '@angular/material/radio';
import { RouterLink } from '@angular/router';
import { type OfferDto, CreateTokenDto, TokenFilterDto } from '@latchkey/auth-models';
import { debounceTime, firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { dtoField } from '../../shared/forms/dto-field';
import { controlError, toErrors } from '../../shared/forms/field-error';
import { showServerErrors } from '../../shared/forms/server-errors';
import { submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { confirmed } from '../../shared/dialogs/confirm';
import { type CanLeave, warnBeforeUnload } from '../../shared/leave-guard';
import { loaded } from '../../shared/loaded';
import { BackLink, PageHeader } from '../../shared/ui/page';
import { oneTimeSecret } from '../../shared/tokens/one-time-secret';
import { CreatedToken } from '../created-token';
import { chosenExpiry, type ExpiryChoice, ExpiryPicker } from '../expiry-picker';
import { LimitsFields } from '../limits/limits-fields';
import { changedLimits, limitsForm, limitsIn, limitsOf } from '../limits/limits-form';
import { ScopePicker } from '../scope/scope-picker';
import { EVERYTHING, scopeMembers, type TokenScope } from '../scope/token-scope';
import { TokensApi } from '../tokens-api';
import { CreatedLink } from './created-link';

const NO_LIMITS = limitsOf({});

/** Page that creates a token for a user and shows its secret once. */
@Component({
  selector: 'app-new-token',
  imports: [
    BackLink,
    CreatedLink,
    CreatedToken,
    ExpiryPicker,
    LimitsFields,
    MatAutocompleteModule,
    MatButton,
    MatFormFieldModule,
    MatInput,
    MatRadioModule,
    PageHeader,
    ReactiveFormsModule,
    RouterLink,
    ScopePicker,
    SubmissionError,
    SubmitButton,
    TextField,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './new-token.html',
  styles: `
    :host {
      display: block;
      max-width: 720px;
    }
    .stack {
      gap: 24px;
    }
    summary {
      font-weight: 600;
      cursor: pointer;
    }
    app-limits-fields {
      margin-top: 16px;
    }
    mat-radio-group {
      display: grid;
      justify-items: start;
      gap: 4px;
      margin-left: -8px;
    }
    strong {
      display: block;
    }
    mat-option .quiet {
      margin-left: 8px;
    }
  `,
})
export class NewToken implements CanLeave {
  private readonly api = inject(TokensApi);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly session = inject(Session);
  private readonly dialog = inject(MatDialog);

  /** Name of the owner, from the URL; by default the signed-in user. */
  readonly user = input<string>();
  /** `link` to send a claim link, from the URL; by default the secret is shown. */
  readonly via = input<string>();

  protected readonly t = injectTexts();
  protected readonly limits = limitsForm(NO_LIMITS);
  protected readonly form = inject(NonNullableFormBuilder).group({
    limits: this.limits,
    user: ['', [Validators.required, dtoField(TokenFilterDto, 'user')]],
    note: ['', [Validators.required, dtoField(CreateTokenDto, 'note')]],
  });
  protected readonly userError = controlError(() => this.form.controls.user);
  protected readonly kinds = ['api', 'canary'] as const;
  protected readonly kind = signal<(typeof this.kinds)[number]>('api');
  protected readonly choice = signal<ExpiryChoice>({ kind: 'days', days: 90 });
  protected readonly isLimitsOpen = signal(false);
  protected readonly scope = signal<TokenScope>(EVERYTHING);
  protected readonly submission = submission(this.form);
  protected readonly created = oneTimeSecret();
  protected readonly handover = linkedSignal<'secret' | 'link'>(() =>
    this.via() === 'link' ? 'link' : 'secret',
  );
  /** The created claim link. */
  protected readonly link = signal<OfferDto | null>(null);
  protected readonly isLinkCopied = signal(false);
  protected readonly mayChooseOwner = computed(() => this.session.can('tokens:write'));
  private readonly ownName = computed(() => this.session.user()?.name ?? '');
  private readonly typed = toSignal(this.form.controls.user.valueChanges.pipe(debounceTime(250)), {
    initialValue: '',
  });
  /** Name of the owner, once the user has typed it. */
  protected readonly owner = computed(() => this.typed().trim());
  protected readonly isForOther = computed(
    () => this.mayChooseOwner() && this.owner() !== '' && this.owner() !== this.ownName(),
  );
  private readonly sendsLink = computed(
    () => this.kind() === 'api' && this.isForOther() && this.handover() === 'link',
  );
  /** Caption of the button that sends the form. */
  protected readonly action = computed(() => {
    const { newToken, offers } = this.t();
    if (this.kind() === 'canary') {
      return newToken.canary.action;
    }
    return this.sendsLink() ? offers.action : newToken.action;
  });
  protected readonly suggested = loaded(
    () => (this.session.can('users:read') ? `q${this.typed().trim()}` : null),
    (text) => this.api.suggestOwners(text.slice(1)),
  );

  constructor() {
    warnBeforeUnload(() => this.wouldLoseLink());
    effect(() => {
      const requested = this.mayChooseOwner() ? this.user() : undefined;
      this.form.controls.user.setValue(requested ?? this.ownName());
    });
  }

  /** A canary has no limits, so that hidden fields cannot be invalid. */
  protected choose(kind: 'api' | 'canary'): void {
    this.kind.set(kind);
    if (kind === 'canary') {
      this.limits.disable();
    } else {
      this.limits.enable();
    }
  }

  mayLeave(): boolean | Promise<boolean> {
    const { heading, text, action } = this.t().offers.created.leave;
    return this.wouldLoseLink()
      ? confirmed(this.dialog, { heading, consequences: [text], action })
      : this.created.mayLeave();
  }

  private wouldLoseLink(): boolean {
    return this.link() !== null && !this.isLinkCopied();
  }

  protected create(): Promise<void> {
    const isCanary = this.kind() === 'canary';
    const expiry = isCanary ? { instant: null } : chosenExpiry(this.choice(), Date.now());
    if (expiry === null) {
      this.host.querySelector<HTMLElement>('[type=datetime-local]')?.focus();
      return Promise.resolve();
    }
    if (this.limits.invalid) {
      this.isLimitsOpen.set(true);
    }
    return this.submission.submit(
      async () => {
        const { user, note } = this.form.getRawValue();
        const dto: CreateTokenDto = {
          note: note.trim(),
          ...(isCanary
            ? { kind: 'canary' }
            : {
                expirationTime: expiry.instant,
                ...scopeMembers(this.scope()),
                ...(changedLimits(NO_LIMITS, limitsIn(this.limits, NO_LIMITS)) as CreateTokenDto),
              }),
        };
        if (this.sendsLink()) {
          const { expirationTime, ...others } = dto;
          const choice = this.choice();
          // The lifetime of the token counts from the claim.
          const lifetime = choice.kind === 'days' ? { expiresIn: choice.days * 86_400 } : { expirationTime };
          this.link.set(await firstValueFrom(this.api.createOffer(user.trim(), { ...others, ...lifetime })));
          return;
        }
        const isOwn = user.trim() === this.ownName();
        const created = isOwn ? this.api.createOwn(dto) : this.api.create(user.trim(), dto);
        this.created.token.set(await firstValueFrom(created));
      },
      (problem) => {
        if (problem.status === 404) {
          const message = this.t().newToken.noSuchOwner;
          this.form.controls.user.setErrors(toErrors({ rules: [], message }));
          return null;
        }
        return showServerErrors(this.form, problem, this.t());
      },
    );
  }
}
