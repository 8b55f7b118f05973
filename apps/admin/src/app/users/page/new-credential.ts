import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { ResetPasswordDto, type UserDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts, Language } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { newPassword, newPasswordHint } from '../../shared/forms/new-password';
import { PasswordField } from '../../shared/forms/password-field';
import { submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { guardUnsaved } from '../../shared/leave-guard';
import { ServerPolicy } from '../../shared/server-policy';
import { Handover, type HandoverSecret } from '../handover';
import { UsersApi } from '../users-api';

/** Data of {@link NewCredential}. */
export interface NewCredentialData {
  readonly user: UserDto;
  readonly kind: HandoverSecret['kind'];
}

/**
 * Dialog that sets the password of a user or creates a set-up link. A generated password and a link are shown
 * once.
 */
@Component({
  selector: 'app-new-credential',
  imports: [
    Handover,
    MatButton,
    MatCheckbox,
    MatDialogModule,
    PasswordField,
    ReactiveFormsModule,
    SubmissionError,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (shown(); as shown) {
      <app-handover [heading]="texts().done(user.name)" [shown]="shown" (done)="dialog.close()" />
    } @else {
      <h2 mat-dialog-title>{{ texts().heading(user.name) }}</h2>
      <form novalidate class="dialog-form" [formGroup]="form" (ngSubmit)="send()">
        <mat-dialog-content>
          <p>{{ texts().text }}</p>
          <p>{{ texts().effect(user.tokenCount) }}</p>
          @if (kind === 'password') {
            <app-password-field
              canGenerate
              autocomplete="new-password"
              [label]="t().account.password.new"
              [control]="form.controls.password"
              [hint]="hint()"
            />
          }
          @if (address(); as address) {
            <mat-checkbox class="flush" formControlName="send">{{ t().mail.label(address) }}</mat-checkbox>
          }
          <app-submission-error [submission]="submission" />
        </mat-dialog-content>
        <mat-dialog-actions>
          <button matButton type="button" mat-dialog-close>{{ t().common.cancel }}</button>
          <app-submit-button [label]="texts().action" [submission]="submission" />
        </mat-dialog-actions>
      </form>
    }
  `,
})
export class NewCredential {
  private readonly api = inject(UsersApi);
  private readonly notifier = inject(Notifier);
  private readonly data = inject<NewCredentialData>(MAT_DIALOG_DATA);
  private readonly language = inject(Language);
  private readonly policy = inject(ServerPolicy).current;
  private readonly passwordField = viewChild(PasswordField);
  protected readonly dialog = inject<MatDialogRef<NewCredential>>(MatDialogRef);

  protected readonly t = injectTexts();
  protected readonly user = this.data.user;
  protected readonly kind = this.data.kind;
  protected readonly texts = computed(() => this.t().userPage.credentials[this.kind]);
  protected readonly form = inject(NonNullableFormBuilder).group({
    password: ['', this.kind === 'password' ? newPassword(ResetPasswordDto, 'password') : []],
    send: false,
  });
  protected readonly hint = newPasswordHint(
    toSignal(this.form.controls.password.valueChanges, { initialValue: '' }),
  );
  /** Address that the server can send the link to. */
  protected readonly address = computed(() =>
    this.kind === 'link' && this.policy.value()?.mail ? this.user.email : undefined,
  );
  protected readonly submission = submission(this.form);
  protected readonly shown = signal<HandoverSecret | null>(null);

  constructor() {
    // The secret cannot be shown again, so only its button closes the dialog.
    guardUnsaved(() => (this.shown() === null ? this.form.dirty : null));
  }

  protected send(): Promise<void> {
    return this.submission.submit(() => (this.kind === 'password' ? this.setPassword() : this.createLink()));
  }

  private async setPassword(): Promise<void> {
    const { name } = this.user;
    const { password } = this.form.getRawValue();
    const effectiveBy = await firstValueFrom(this.api.setPassword(name, password));
    const { userBulk } = this.t();
    const done = `${this.texts().done(name)} ${userBulk.done.revokeTokens(name, '')}`;
    this.notifier.revoked(done, effectiveBy);
    if (this.passwordField()?.isGenerated()) {
      this.shown.set({ kind: 'password', secret: password, until: null });
    } else {
      this.dialog.close();
    }
  }

  private async createLink(): Promise<void> {
    const dto = { send: this.form.getRawValue().send, language: this.language.tag() };
    const created = await firstValueFrom(this.api.createSetUpLink(this.user.name, dto));
    const { link, expirationTime, sentTo, sendError } = created;
    if (sentTo !== undefined) {
      this.notifier.success(this.t().mail.sent(sentTo));
      this.dialog.close();
      return;
    }
    this.shown.set({ kind: 'link', secret: link, until: expirationTime, problem: sendError });
  }
}
