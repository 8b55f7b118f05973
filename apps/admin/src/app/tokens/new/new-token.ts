import {
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  input,
  linkedSignal,
  signal,
} from '@angular/core';
import { FormControl, NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatRadioModule } from '@angular/material/radio';
import {
  CreateTokenDto,
  type OfferDto,
  type TokenTemplateDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { firstValueFrom, type Observable } from 'rxjs';
import { injectTexts, Language } from '../../core/language';
import { dtoField } from '../../shared/forms/dto-field';
import { showServerErrors } from '../../shared/forms/server-errors';
import { submission } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { guardUnsaved } from '../../shared/leave-guard';
import { ServerPolicy } from '../../shared/server-policy';
import { oneTimeSecret } from '../../shared/tokens/one-time-secret';
import { CreatedToken } from '../created-token';
import {
  choiceOf,
  chosenExpiry,
  DEFAULT_EXPIRY,
  type ExpiryChoice,
  ExpiryPicker,
  lifetimeOf,
} from '../expiry-picker';
import { LimitsFields } from '../limits/limits-fields';
import { changedLimits, limitsForm, limitsIn, limitsOf } from '../limits/limits-form';
import { OffersApi } from '../offers/offers-api';
import { ScopePicker } from '../scope/scope-picker';
import { EVERYTHING, scopeMembers, scopeOf, type TokenScope } from '../scope/token-scope';
import { injectOwner, OwnerField } from './owner-field';
import { loadedTemplates, TemplateField } from './template-field';
import { TokenFormPage } from './token-form-page';

const NO_LIMITS = limitsOf({});
/** Page that creates an API token, or a link with which its owner creates it. */
@Component({
  selector: 'app-new-token',
  imports: [
    CreatedToken,
    ExpiryPicker,
    LimitsFields,
    MatCheckbox,
    MatRadioModule,
    OwnerField,
    ReactiveFormsModule,
    ScopePicker,
    TemplateField,
    TextField,
    TokenFormPage,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './new-token.html',
  styles: `
    summary {
      font-weight: 600;
      cursor: pointer;
    }
    app-limits-fields {
      margin-top: var(--space-4);
    }
  `,
})
export class NewToken {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly offers = inject(OffersApi);
  private readonly language = inject(Language);

  /** Name of the owner, from the URL; by default the signed-in user. */
  readonly user = input<string>();
  /** `link` for a token that is handed out with a link, from the URL. */
  readonly as = input<string>();

  protected readonly t = injectTexts();
  protected readonly policy = inject(ServerPolicy).current;
  protected readonly owner = injectOwner(this.user);
  protected readonly templates = loadedTemplates();
  protected readonly form = inject(NonNullableFormBuilder).group({
    template: new FormControl<TokenTemplateDto | null>(null),
    user: this.owner.control,
    note: ['', [Validators.required, dtoField(CreateTokenDto, 'note')]],
    limits: limitsForm(NO_LIMITS),
    send: false,
  });
  protected readonly choice = signal<ExpiryChoice>(DEFAULT_EXPIRY);
  protected readonly scope = signal<TokenScope>(EVERYTHING);
  protected readonly handovers = ['secret', 'link'] as const;
  protected readonly handover = linkedSignal(() => (this.as() === 'link' ? 'link' : 'secret'));
  /** Whether the owner creates the token, with a link. */
  protected readonly sendsLink = computed(() => this.owner.isOther() && this.handover() === 'link');
  protected readonly isLimitsOpen = signal(false);
  protected readonly submission = submission(this.form);
  protected readonly created = oneTimeSecret<UserTokenDto | OfferDto>();

  constructor() {
    guardUnsaved(
      () =>
        this.created.token() === null &&
        (this.form.dirty || this.choice() !== DEFAULT_EXPIRY || this.scope() !== EVERYTHING),
    );
  }

  protected fill({ note = '', expiresIn, ...scope }: TokenTemplateDto): void {
    this.form.patchValue({ note });
    this.choice.set(choiceOf(expiresIn));
    this.scope.set(scopeOf(scope));
  }

  protected submit(): Promise<void> {
    // Once for the check and for the request. If the time came in between, the token would never expire.
    const expiry = chosenExpiry(this.choice(), Date.now());
    if (expiry === null) {
      this.host.querySelector<HTMLElement>('[type=datetime-local]')?.focus();
      return Promise.resolve();
    }
    if (this.form.controls.limits.invalid) {
      this.isLimitsOpen.set(true);
    }
    return this.submission.submit(
      async () => {
        const created = await firstValueFrom(this.create(expiry.instant));
        // A link that was sent is not lost with the page.
        this.created.isCopied.set('sentTo' in created);
        this.created.token.set(created);
      },
      (problem) => (this.owner.showMissing(problem) ? null : showServerErrors(this.form, problem, this.t())),
    );
  }

  private create(expirationTime: string | null): Observable<UserTokenDto | OfferDto> {
    const { note, limits } = this.form.controls;
    const choice = this.choice();
    const description = {
      note: note.value.trim(),
      ...scopeMembers(this.scope()),
      ...(changedLimits(NO_LIMITS, limitsIn(limits, NO_LIMITS)) as CreateTokenDto),
    };
    if (!this.sendsLink()) {
      return this.owner.create({ ...description, expirationTime });
    }
    // The lifetime of the token counts from the claim.
    const lifetime = choice.kind === 'days' ? { expiresIn: lifetimeOf(choice) } : { expirationTime };
    const message = { send: this.form.controls.send.value, language: this.language.tag() };
    const dto = { ...description, ...lifetime, ...message };
    return this.offers.create(this.owner.control.value.trim(), dto);
  }
}
