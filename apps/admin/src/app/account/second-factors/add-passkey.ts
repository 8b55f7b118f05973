import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, DOCUMENT, inject, signal } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { type AddedPasskeyDto, AddPasskeyDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { browserName } from '../../core/browser-name';
import { injectTexts } from '../../core/language';
import { createPasskey } from '../../core/passkeys';
import { dtoField } from '../../shared/forms/dto-field';
import { showServerErrors } from '../../shared/forms/server-errors';
import { submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { guardUnsaved } from '../../shared/leave-guard';
import type { AddOutcome } from './add-authenticator';
import { RecoveryCodes } from './recovery-codes';

/** Dialog that names and creates a passkey, and then shows the recovery codes. */
@Component({
  selector: 'app-add-passkey',
  imports: [
    MatButton,
    MatDialogModule,
    ReactiveFormsModule,
    RecoveryCodes,
    SubmissionError,
    SubmitButton,
    TextField,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (codes(); as codes) {
      <app-recovery-codes
        [lead]="t().factors.passkey.done"
        [codes]="codes"
        (done)="dialog.close('added with codes')"
      />
    } @else {
      <h2 mat-dialog-title>{{ t().factors.passkey.heading }}</h2>
      <form novalidate class="dialog-form" [formGroup]="form" (ngSubmit)="create()">
        <mat-dialog-content>
          <p>{{ t().factors.passkey.text }}</p>
          <app-text-field
            [control]="form.controls.name"
            [label]="t().common.name"
            [hint]="t().factors.passkey.hint"
          />
          <app-submission-error [submission]="submission" />
        </mat-dialog-content>
        <mat-dialog-actions>
          <button matButton type="button" mat-dialog-close>{{ t().common.cancel }}</button>
          <app-submit-button
            [label]="t().factors.passkey.action"
            [sending]="t().session.passkey.waiting"
            [submission]="submission"
          />
        </mat-dialog-actions>
      </form>
    }
  `,
})
export class AddPasskey {
  private readonly http = inject(HttpClient);
  protected readonly dialog = inject<MatDialogRef<AddPasskey, AddOutcome>>(MatDialogRef);

  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    name: [
      browserName(inject(DOCUMENT).defaultView?.navigator.userAgent ?? '', this.t()),
      dtoField(AddPasskeyDto, 'name'),
    ],
  });
  protected readonly submission = submission(this.form);
  protected readonly codes = signal<readonly string[] | null>(null);

  constructor() {
    // The codes cannot be shown again, so only their button closes the dialog.
    guardUnsaved(() => (this.codes() === null ? false : null));
  }

  protected create(): Promise<void> {
    return this.submission.submit(
      async () => {
        const { name } = this.form.getRawValue();
        const dto: AddPasskeyDto = {
          ...(name !== '' && { name }),
          credential: await createPasskey(this.http),
        };
        const { codes } = await firstValueFrom(
          this.http.post<AddedPasskeyDto>('/me/second-factors/passkeys', dto),
        );
        if (codes.length > 0) {
          this.codes.set(codes);
        } else {
          this.dialog.close('added');
        }
      },
      (problem, cause) => {
        if (cause instanceof DOMException) {
          const { known, unused } = this.t().factors.passkey;
          return cause.name === 'InvalidStateError' ? known : unused;
        }
        return showServerErrors(this.form, problem, this.t());
      },
    );
  }
}
