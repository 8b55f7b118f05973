import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { CreateTokenTemplateDto, type TokenTemplateDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { askBeforeClose } from '../../shared/dialogs/confirm';
import { dtoField } from '../../shared/forms/dto-field';
import { controlError } from '../../shared/forms/field-error';
import { showServerErrors } from '../../shared/forms/server-errors';
import { submission, SubmissionError, SubmitButton } from '../../shared/forms/submission';
import { type ExpiryChoice, ExpiryPicker } from '../expiry-picker';
import { ScopePicker } from '../scope/scope-picker';
import { NOTHING, scopeMembers, scopeOf, type TokenScope } from '../scope/token-scope';
import { OffersApi } from './offers-api';

const DAY_SECONDS = 86_400;

/** Dialog that creates or changes a template. */
@Component({
  selector: 'app-edit-template',
  imports: [
    ExpiryPicker,
    MatButton,
    MatDialogModule,
    MatFormFieldModule,
    MatInput,
    ReactiveFormsModule,
    ScopePicker,
    SubmissionError,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ heading() }}</h2>
    <form novalidate class="dialog-form" [formGroup]="form" (ngSubmit)="save()">
      <mat-dialog-content class="stack">
        @if (!template) {
          <mat-form-field appearance="outline" hideRequiredMarker subscriptSizing="dynamic">
            <mat-label>{{ t().offers.template.name }}</mat-label>
            <input
              matInput
              formControlName="name"
              autocomplete="off"
              autocapitalize="none"
              spellcheck="false"
            />
            <mat-hint>{{ t().offers.template.nameHint }}</mat-hint>
            <mat-error>{{ errors.name() }}</mat-error>
          </mat-form-field>
        }
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ t().offers.template.description }}</mat-label>
          <input matInput formControlName="description" autocomplete="off" />
          <mat-error>{{ errors.description() }}</mat-error>
        </mat-form-field>
        <mat-form-field appearance="outline" subscriptSizing="dynamic">
          <mat-label>{{ t().offers.template.note }}</mat-label>
          <input matInput formControlName="note" autocomplete="off" />
          <mat-error>{{ errors.note() }}</mat-error>
        </mat-form-field>
        <app-expiry-picker onlyDays [label]="t().offers.template.life" [(choice)]="choice" />
        <app-scope-picker isAnyOwner [owner]="ownName()" [(scope)]="scope" />
        <app-submission-error [submission]="submission" />
      </mat-dialog-content>
      <mat-dialog-actions>
        <button matButton type="button" mat-dialog-close>{{ t().common.cancel }}</button>
        <app-submit-button
          [label]="t().common.save"
          [sending]="t().common.saving"
          [submission]="submission"
        />
      </mat-dialog-actions>
    </form>
  `,
})
export class EditTemplate {
  private readonly api = inject(OffersApi);
  private readonly dialog = inject<MatDialogRef<EditTemplate>>(MatDialogRef);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  /** Template to change; `null` creates one. */
  protected readonly template = inject<TokenTemplateDto | null>(MAT_DIALOG_DATA);
  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    name: [this.template?.name ?? '', [Validators.required, dtoField(CreateTokenTemplateDto, 'name')]],
    description: [this.template?.description ?? '', dtoField(CreateTokenTemplateDto, 'description')],
    note: [this.template?.note ?? '', dtoField(CreateTokenTemplateDto, 'note')],
  });
  protected readonly errors = {
    name: controlError(() => this.form.controls.name),
    description: controlError(() => this.form.controls.description),
    note: controlError(() => this.form.controls.note),
  };
  protected readonly choice = signal<ExpiryChoice>({
    kind: 'days',
    days: (this.template?.expiresIn ?? 90 * DAY_SECONDS) / DAY_SECONDS,
  });
  protected readonly scope = signal<TokenScope>(this.template ? scopeOf(this.template) : NOTHING);
  protected readonly submission = submission(this.form);
  protected readonly ownName = computed(() => this.session.user()?.name ?? '');
  protected readonly heading = computed(() => {
    const { new: created, editHeading } = this.t().offers.template;
    return this.template ? editHeading(this.template.name) : created;
  });

  constructor() {
    const [choice, scope] = [this.choice(), this.scope()];
    const wouldLose = () => this.form.dirty || this.choice() !== choice || this.scope() !== scope;
    askBeforeClose(this.dialog, inject(MatDialog), wouldLose, this.t());
  }

  protected save(): Promise<void> {
    return this.submission.submit(
      async () => {
        const saved = await firstValueFrom(this.template ? this.update(this.template) : this.create());
        this.notifier.success(this.t().offers.template.saved(saved.name));
        this.dialog.close();
      },
      (problem) => showServerErrors(this.form, problem, this.t()),
    );
  }

  private create() {
    const { name, description, note } = this.values();
    return this.api.createTemplate({
      name,
      ...(description !== null && { description }),
      ...(note !== null && { note }),
      expiresIn: this.seconds(),
      ...scopeMembers(this.scope()),
    });
  }

  private update({ name, version }: TokenTemplateDto) {
    const { description, note } = this.values();
    const { permissions = null, roles = null } = scopeMembers(this.scope());
    const change = { description, note, expiresIn: this.seconds(), permissions, roles };
    return this.api.updateTemplate(name, change, version);
  }

  private values() {
    const { name, description, note } = this.form.getRawValue();
    return { name, description: description.trim() || null, note: note.trim() || null };
  }

  private seconds(): number {
    const choice = this.choice();
    return Math.round((choice.kind === 'days' ? choice.days : 90) * DAY_SECONDS);
  }
}
