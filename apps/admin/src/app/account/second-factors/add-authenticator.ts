import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { ConfirmSecondFactorDto, type NewTotpDto, type RecoveryCodesDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { dtoField } from '../../shared/forms/dto-field';
import { submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { guardUnsaved } from '../../shared/leave-guard';
import { CopyButton } from '../../shared/ui/copy-button';
import { QrCode } from './qr-code';
import { RecoveryCodes } from './recovery-codes';

/** A code of an authenticator app, perhaps with the space that apps show in it. */
const WHOLE_CODE = /^\s*\d{3}\s?\d{3}\s*$/;

/** Outcome of {@link AddAuthenticator}: whether it has shown new recovery codes. */
export type AddOutcome = 'added' | 'added with codes';

/**
 * Dialog that shows the secret of a new authenticator app, confirms it with the first code, and then shows
 * the recovery codes.
 */
@Component({
  selector: 'app-add-authenticator',
  imports: [
    CopyButton,
    MatButton,
    MatDialogModule,
    QrCode,
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
        [lead]="t().factors.add.done"
        [codes]="codes"
        (done)="dialog.close('added with codes')"
      />
    } @else {
      <h2 mat-dialog-title>{{ t().factors.add.heading }}</h2>
      <form novalidate class="dialog-form" [formGroup]="form" (ngSubmit)="confirm()">
        <mat-dialog-content>
          <div class="secret">
            <app-qr-code [text]="totp.uri" [label]="t().factors.add.qrCode" />
            <div>
              <p>{{ t().factors.add.scan }}</p>
              <p class="here">
                <a class="link" [href]="totp.uri">{{ t().factors.add.open }}</a>
              </p>
              <p>{{ t().factors.add.type }}</p>
              <div class="code-box row between">
                <code>{{ groups() }}</code>
                <app-copy-button isCompact [text]="totp.secret" [caption]="t().factors.add.copy" />
              </div>
            </div>
          </div>
          <app-text-field
            [control]="form.controls.name"
            [label]="t().common.name"
            [hint]="t().factors.passkey.hint"
          />
          <app-text-field
            isName
            autocomplete="one-time-code"
            inputMode="numeric"
            [control]="form.controls.code"
            [label]="t().factors.add.code"
            [hint]="t().factors.add.hint"
          />
          <app-submission-error [submission]="submission" />
        </mat-dialog-content>
        <mat-dialog-actions>
          <button matButton type="button" mat-dialog-close>{{ t().common.cancel }}</button>
          <app-submit-button
            [label]="t().factors.add.action"
            [sending]="t().factors.add.sending"
            [submission]="submission"
          />
        </mat-dialog-actions>
      </form>
    }
  `,
  styles: `
    .secret {
      display: grid;
      grid-template-columns: 200px minmax(0, 1fr);
      gap: var(--space-5);
      align-items: center;
      margin-bottom: var(--space-5);
    }
    .secret p {
      margin-bottom: var(--space-2);
    }
    app-text-field + app-text-field {
      margin-top: var(--space-3);
    }
    .row {
      flex-wrap: nowrap;
    }
    code {
      text-wrap: balance;
    }
    /* A phone cannot scan its own screen. */
    .here {
      display: none;
    }
    @media (pointer: coarse) {
      .here {
        display: block;
      }
    }
    @media (width < 37.5em) {
      .secret {
        grid-template-columns: minmax(0, 1fr);
      }
      app-qr-code {
        width: min(200px, 100%);
        margin-inline: auto;
      }
    }
  `,
})
export class AddAuthenticator {
  private readonly http = inject(HttpClient);
  protected readonly dialog = inject<MatDialogRef<AddAuthenticator, AddOutcome>>(MatDialogRef);
  protected readonly totp = inject<NewTotpDto>(MAT_DIALOG_DATA);

  protected readonly t = injectTexts();
  /** The secret in groups of four, which are easier to type. */
  protected readonly groups = computed(() => this.totp.secret.replace(/.{4}(?=.)/g, '$& '));
  protected readonly form = new FormGroup({
    code: new FormControl('', {
      nonNullable: true,
      validators: dtoField(ConfirmSecondFactorDto, 'code'),
    }),
    name: new FormControl('', {
      nonNullable: true,
      validators: dtoField(ConfirmSecondFactorDto, 'name'),
    }),
  });
  protected readonly submission = submission(this.form);
  protected readonly codes = signal<readonly string[] | null>(null);

  constructor() {
    // The codes cannot be shown again, so only their button closes the dialog.
    guardUnsaved(() => (this.codes() === null ? false : null));
    this.form.controls.code.valueChanges.pipe(takeUntilDestroyed()).subscribe((code) => {
      if (WHOLE_CODE.test(code)) {
        void this.confirm();
      }
    });
  }

  protected confirm(): Promise<void> {
    return this.submission.submit(async () => {
      const { code, name } = this.form.getRawValue();
      const dto: ConfirmSecondFactorDto = {
        code: code.trim(),
        ...(name.trim() !== '' && { name: name.trim() }),
      };
      const { codes } = await firstValueFrom(
        this.http.post<RecoveryCodesDto>(`/me/second-factors/${this.totp.id}/confirm`, dto),
      );
      if (codes.length > 0) {
        this.codes.set(codes);
      } else {
        this.dialog.close('added');
      }
    });
  }
}
