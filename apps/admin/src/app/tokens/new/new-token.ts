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
import { ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatRadioModule } from '@angular/material/radio';
import { MatSelectModule } from '@angular/material/select';
import { Router, RouterLink } from '@angular/router';
import type { OfferDto, UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { toErrors } from '../../shared/forms/field-error';
import { showServerErrors } from '../../shared/forms/server-errors';
import { submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { guardUnsaved } from '../../shared/leave-guard';
import { BackLink, PageHeader } from '../../shared/ui/page';
import { ErrorState } from '../../shared/ui/states';
import { oneTimeSecret } from '../../shared/tokens/one-time-secret';
import { CreatedToken } from '../created-token';
import { ExpiryPicker } from '../expiry-picker';
import { LimitsFields } from '../limits/limits-fields';
import { OfferedScope } from '../offers/offered-scope';
import { ScopePicker } from '../scope/scope-picker';
import { OwnerField } from './owner-field';
import { FORM_KINDS, TokenForm } from './token-form';

/** Page with one form for new tokens, claim links, token requests and templates. */
@Component({
  selector: 'app-new-token',
  imports: [
    BackLink,
    CreatedToken,
    ErrorState,
    ExpiryPicker,
    LimitsFields,
    MatButton,
    MatFormFieldModule,
    MatRadioModule,
    MatSelectModule,
    OfferedScope,
    OwnerField,
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
    form {
      gap: 24px;
    }
    summary {
      font-weight: 600;
      cursor: pointer;
    }
    app-limits-fields {
      margin-top: 16px;
    }
  `,
})
export class NewToken {
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly notifier = inject(Notifier);
  private readonly router = inject(Router);
  private readonly session = inject(Session);

  /** Name of the owner, from the URL; by default the signed-in user. */
  readonly user = input<string>();
  /** Kind from the URL: one of {@link FORM_KINDS}, or `link` for a token that is handed out with a link. */
  readonly as = input<string>();
  /** Name of the template to change, from the URL. */
  readonly template = input<string>();

  protected readonly t = injectTexts();
  protected readonly mayWrite = computed(() => this.session.can('tokens:write'));
  protected readonly ownName = computed(() => this.session.user()?.name ?? '');
  protected readonly kinds = computed(() =>
    FORM_KINDS.filter((kind) => kind !== 'template' || this.mayWrite()),
  );
  protected readonly kind = linkedSignal(() => {
    const requested = this.template() === undefined ? this.as() : 'template';
    return this.kinds().find((kind) => kind === requested) ?? 'api';
  });
  protected readonly kindNames = computed(() => ({
    ...this.t().tokens.kinds,
    ...this.t().newToken.kind.labels,
  }));
  protected readonly form = new TokenForm(this.kind);
  protected readonly isLimitsOpen = signal(false);
  protected readonly submission = submission(this.form.group);
  protected readonly created = oneTimeSecret<UserTokenDto | OfferDto>();
  private isDone = false;

  /** The template to change. */
  protected readonly edited = computed(() => this.form.find(this.template()));
  /** Whether the form needs at least one template. */
  protected readonly needsTemplates = computed(
    () => this.kind() === 'request' || this.template() !== undefined,
  );
  protected readonly labels = computed(() => {
    const { common, newToken, offers } = this.t();
    const { note, noteHint, canary } = newToken;
    const action = this.form.sendsLink() ? offers.action : newToken.action;
    return {
      api: { note, noteHint, action, sending: common.creating },
      canary: { ...canary, sending: common.creating },
      request: { ...offers.form, note },
      template: { note: offers.template.note, noteHint: '', action: common.save, sending: common.saving },
    }[this.kind()];
  });

  constructor() {
    guardUnsaved(() => !this.isDone && this.form.isChanged());
    effect(() => {
      const requested = this.mayWrite() ? this.user() : undefined;
      this.form.fields.user.setValue(requested ?? this.ownName());
    });
    effect(() => {
      this.form.handover.set(this.as() === 'link' ? 'link' : 'secret');
      const template = this.edited();
      if (template !== undefined) {
        this.form.fill(template);
      }
    });
  }

  protected start(name: string): void {
    const template = this.form.find(name);
    if (template !== undefined && this.kind() === 'api') {
      this.form.fill(template);
    }
  }

  protected submit(): Promise<void> {
    if (!this.form.isExpiryValid()) {
      this.host.querySelector<HTMLElement>('[type=datetime-local]')?.focus();
      return Promise.resolve();
    }
    if (this.form.fields.limits.invalid) {
      this.isLimitsOpen.set(true);
    }
    return this.submission.submit(
      () => this.send(),
      (problem) => {
        if (problem.status === 404 && this.form.fields.user.enabled) {
          const message = this.t().newToken.noSuchOwner;
          this.form.fields.user.setErrors(toErrors({ rules: [], message }));
          return null;
        }
        return showServerErrors(this.form.group, problem, this.t());
      },
    );
  }

  private async send(): Promise<void> {
    const { form, template } = this.t().offers;
    switch (this.kind()) {
      case 'request':
        await firstValueFrom(this.form.request());
        return this.finish(form.sent);
      case 'template':
        return this.finish(
          template.saved((await firstValueFrom(this.form.saveTemplate(this.edited()))).name),
        );
      default:
        this.created.token.set(await firstValueFrom(this.form.create()));
        this.isDone = true;
    }
  }

  private async finish(done: string): Promise<void> {
    this.isDone = true;
    this.notifier.success(done);
    await this.router.navigate(['/tokens/offers']);
  }
}
