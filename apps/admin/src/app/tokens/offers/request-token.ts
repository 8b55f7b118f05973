import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatSelectModule } from '@angular/material/select';
import { RequestTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { askBeforeClose } from '../../shared/dialogs/confirm';
import { dtoField } from '../../shared/forms/dto-field';
import { controlError } from '../../shared/forms/field-error';
import { submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { loaded } from '../../shared/loaded';
import { ErrorState } from '../../shared/ui/states';
import { OfferedScope } from './offered-scope';
import { OffersApi } from './offers-api';

/** Dialog that requests a token from a template; closes with `true` after the request. */
@Component({
  selector: 'app-request-token',
  imports: [
    ErrorState,
    MatButton,
    MatDialogModule,
    MatFormFieldModule,
    MatInput,
    MatSelectModule,
    ReactiveFormsModule,
    OfferedScope,
    SubmissionError,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().offers.request }}</h2>
    <form novalidate class="dialog-form" [formGroup]="form" (ngSubmit)="send()">
      <mat-dialog-content class="stack">
        @if (templates.problem(); as problem) {
          <app-error-state [problem]="problem" (retry)="templates.reload()" />
        } @else if (templates.value()?.items?.length === 0) {
          <p>{{ t().offers.form.none }}</p>
        } @else {
          <mat-form-field appearance="outline" hideRequiredMarker subscriptSizing="dynamic">
            <mat-label>{{ t().offers.form.template }}</mat-label>
            <mat-select formControlName="template">
              @for (template of templates.value()?.items ?? []; track template.name) {
                <mat-option [value]="template.name">{{ template.name }}</mat-option>
              }
            </mat-select>
            <mat-error>{{ errors.template() }}</mat-error>
          </mat-form-field>
          @if (chosen(); as chosen) {
            <div class="chosen">
              @if (chosen.description; as description) {
                <p>
                  <bdi>{{ description }}</bdi>
                </p>
              }
              <app-offered-scope [of]="{ ...chosen, tokenExpiresIn: chosen.expiresIn }" [user]="ownName()" />
            </div>
          }
          <mat-form-field appearance="outline" subscriptSizing="dynamic">
            <mat-label>{{ t().offers.form.note }}</mat-label>
            <input matInput formControlName="note" autocomplete="off" />
            <mat-hint>{{ t().offers.form.noteHint }}</mat-hint>
            <mat-error>{{ errors.note() }}</mat-error>
          </mat-form-field>
          <mat-form-field appearance="outline" subscriptSizing="dynamic">
            <mat-label>{{ t().offers.form.reason }}</mat-label>
            <input matInput formControlName="reason" autocomplete="off" />
            <mat-hint>{{ t().offers.form.reasonHint }}</mat-hint>
            <mat-error>{{ errors.reason() }}</mat-error>
          </mat-form-field>
        }
        <app-submission-error [submission]="submission" />
      </mat-dialog-content>
      <mat-dialog-actions>
        <button matButton type="button" [mat-dialog-close]="false">{{ t().common.cancel }}</button>
        @if (templates.value()?.items?.length) {
          <app-submit-button
            [label]="t().offers.form.action"
            [sending]="t().offers.form.sending"
            [submission]="submission"
          />
        }
      </mat-dialog-actions>
    </form>
  `,
  styles: `
    .chosen {
      display: grid;
      gap: 6px;
    }
  `,
})
export class RequestToken {
  private readonly api = inject(OffersApi);
  private readonly dialog = inject<MatDialogRef<RequestToken, boolean>>(MatDialogRef);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    template: ['', Validators.required],
    note: ['', dtoField(RequestTokenDto, 'note')],
    reason: ['', dtoField(RequestTokenDto, 'reason')],
  });
  protected readonly errors = {
    template: controlError(() => this.form.controls.template),
    note: controlError(() => this.form.controls.note),
    reason: controlError(() => this.form.controls.reason),
  };
  protected readonly submission = submission(this.form);
  protected readonly templates = loaded(
    () => 'templates',
    () => this.api.templates(),
  );
  protected readonly ownName = computed(() => this.session.user()?.name ?? '');
  private readonly name = toSignal(this.form.controls.template.valueChanges, { initialValue: '' });
  protected readonly chosen = computed(() =>
    this.templates.value()?.items.find(({ name }) => name === this.name()),
  );

  constructor() {
    askBeforeClose(this.dialog, inject(MatDialog), () => this.form.dirty, this.t());
  }

  protected send(): Promise<void> {
    return this.submission.submit(async () => {
      const { template, note, reason } = this.form.getRawValue();
      await firstValueFrom(
        this.api.request({
          template,
          ...(note.trim() !== '' && { note: note.trim() }),
          ...(reason.trim() !== '' && { reason: reason.trim() }),
        }),
      );
      this.notifier.success(this.t().offers.form.sent);
      this.dialog.close(true);
    });
  }
}
