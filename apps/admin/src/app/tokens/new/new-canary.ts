import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { NonNullableFormBuilder, Validators } from '@angular/forms';
import { CreateTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { dtoField } from '../../shared/forms/dto-field';
import { showServerErrors } from '../../shared/forms/server-errors';
import { submission } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { guardUnsaved } from '../../shared/leave-guard';
import { oneTimeSecret } from '../../shared/tokens/one-time-secret';
import { CreatedToken } from '../created-token';
import { injectOwner, OwnerField } from './owner-field';
import { TokenFormPage } from './token-form-page';

/** Page that creates a canary, a token that raises an alarm when someone uses it. */
@Component({
  selector: 'app-new-canary',
  imports: [CreatedToken, OwnerField, TextField, TokenFormPage],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @let texts = t().newToken.canary;
    @if (created.token()) {
      <app-created-token [secret]="created" />
    } @else {
      <app-token-form-page
        parent="/tokens"
        [heading]="t().pages.newCanary"
        [lead]="texts.lead"
        [form]="form"
        [submission]="submission"
        [action]="texts.action"
        [sending]="t().common.creating"
        (send)="create()"
      >
        <app-text-field [control]="form.controls.note" [label]="texts.note" [hint]="texts.noteHint" />
        @if (owner.canChoose()) {
          <app-owner-field [owner]="owner" [hint]="texts.ownerHint" />
        }
      </app-token-form-page>
    }
  `,
})
export class NewCanary {
  /** Name of the owner, from the URL; by default the signed-in user. */
  readonly user = input<string>();

  protected readonly t = injectTexts();
  protected readonly owner = injectOwner(this.user);
  protected readonly form = inject(NonNullableFormBuilder).group({
    note: ['', [Validators.required, dtoField(CreateTokenDto, 'note')]],
    user: this.owner.control,
  });
  protected readonly submission = submission(this.form);
  protected readonly created = oneTimeSecret();

  constructor() {
    guardUnsaved(() => this.created.token() === null && this.form.dirty);
  }

  protected create(): Promise<void> {
    return this.submission.submit(
      async () => {
        const token: CreateTokenDto = { kind: 'canary', note: this.form.controls.note.value.trim() };
        this.created.token.set(await firstValueFrom(this.owner.create(token)));
      },
      (problem) => (this.owner.showMissing(problem) ? null : showServerErrors(this.form, problem, this.t())),
    );
  }
}
