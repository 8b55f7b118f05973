import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { FormControl, NonNullableFormBuilder, Validators } from '@angular/forms';
import { Router } from '@angular/router';
import { RequestTokenDto, type TokenTemplateDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { dtoField } from '../../shared/forms/dto-field';
import { submission } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { guardUnsaved } from '../../shared/leave-guard';
import { LoadState } from '../../shared/ui/states';
import { OfferedScope } from '../offers/offered-scope';
import { OffersApi } from '../offers/offers-api';
import { loadedTemplates, TemplateField } from './template-field';
import { TokenFormPage } from './token-form-page';

/** Page that requests a token from a template, which someone else must approve. */
@Component({
  selector: 'app-request-token',
  imports: [LoadState, OfferedScope, TemplateField, TextField, TokenFormPage],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let texts = t().offers.form;
    <app-token-form-page
      parent="/tokens/offers"
      [heading]="t().featurePages.requestToken"
      [lead]="texts.lead"
      [form]="form"
      [submission]="submission"
      [action]="templates.value()?.length ? texts.action : ''"
      [sending]="texts.sending"
      (send)="request()"
    >
      @if (templates.value(); as all) {
        @if (all.length > 0) {
          <app-template-field [control]="form.controls.template" [label]="texts.template" [templates]="all" />
          @if (chosen(); as chosen) {
            <app-offered-scope [of]="{ ...chosen, tokenExpiresIn: chosen.expiresIn }" [user]="ownName()" />
          }
          <app-text-field
            [control]="form.controls.note"
            [label]="t().newToken.note"
            [hint]="texts.noteHint"
          />
          <app-text-field [control]="form.controls.reason" [label]="texts.reason" [hint]="texts.reasonHint" />
        } @else {
          <p>{{ texts.none }}</p>
        }
      } @else {
        <app-load-state [of]="templates" />
      }
    </app-token-form-page>
  `,
})
export class RequestToken {
  private readonly api = inject(OffersApi);
  private readonly notifier = inject(Notifier);
  private readonly router = inject(Router);
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly ownName = computed(() => this.session.user()?.name ?? '');
  protected readonly templates = loadedTemplates();
  protected readonly form = inject(NonNullableFormBuilder).group({
    template: new FormControl<TokenTemplateDto | null>(null, Validators.required),
    note: ['', dtoField(RequestTokenDto, 'note')],
    reason: ['', dtoField(RequestTokenDto, 'reason')],
  });
  protected readonly chosen = toSignal(this.form.controls.template.valueChanges);
  protected readonly submission = submission(this.form);
  private isSent = false;

  constructor() {
    guardUnsaved(() => !this.isSent && this.form.dirty);
  }

  protected request(): Promise<void> {
    return this.submission.submit(async () => {
      const { template, ...texts } = this.form.getRawValue();
      const [note, reason] = [texts.note.trim(), texts.reason.trim()];
      const dto = { template: template?.name ?? '', ...(note && { note }), ...(reason && { reason }) };
      await firstValueFrom(this.api.request(dto));
      this.isSent = true;
      this.notifier.success(this.t().offers.form.sent);
      await this.router.navigate(['/tokens/offers']);
    });
  }
}
