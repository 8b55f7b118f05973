import { ChangeDetectionStrategy, Component, computed } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { FormArray, FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { CreateApiDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { dtoField, emptyToUndefined } from '../shared/forms/dto-field';
import { submission, SubmissionError, SubmitButton } from '../shared/forms/submission';
import { TextField } from '../shared/forms/text-field';
import { guardUnsaved } from '../shared/leave-guard';
import { injectResourceActions } from '../shared/resources';
import { BackLink, PageHeader } from '../shared/ui/page';
import { injectApis } from './apis-api';
import { permissionRow, PermissionRows, permissionsIn } from './permission-rows';

/** Page that registers an API. */
@Component({
  selector: 'app-new-api',
  imports: [
    BackLink,
    MatButton,
    PageHeader,
    PermissionRows,
    ReactiveFormsModule,
    RouterLink,
    SubmissionError,
    SubmitButton,
    TextField,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-back-link to="/apis">{{ t().apis.page.back }}</app-back-link>
    <app-page-header [heading]="t().featurePages.newApi" [lead]="t().apis.form.lead" />
    <form novalidate class="card stack" [formGroup]="form" (ngSubmit)="create()">
      <app-text-field
        isName
        [control]="form.controls.name"
        [label]="t().common.name"
        [hint]="t().apis.form.nameHint"
      />
      <app-text-field
        [control]="form.controls.description"
        [label]="t().common.description"
        [hint]="t().apis.form.descriptionHint"
      />
      <app-permission-rows [api]="name()" [rows]="form.controls.permissions" />
      <app-submission-error [submission]="submission" />
      <div class="row">
        <a matButton routerLink="/apis">{{ t().common.cancel }}</a>
        <app-submit-button
          [label]="t().apis.form.action"
          [sending]="t().common.creating"
          [submission]="submission"
        />
      </div>
    </form>
  `,
  styles: `
    :host {
      display: block;
      max-width: 960px;
    }
    .stack {
      gap: var(--space-6);
    }
  `,
})
export class NewApi {
  private readonly actions = injectResourceActions(injectApis());

  protected readonly t = injectTexts();
  protected readonly form = new FormGroup({
    name: new FormControl('', {
      nonNullable: true,
      validators: [Validators.required, dtoField(CreateApiDto, 'name')],
    }),
    description: new FormControl('', {
      nonNullable: true,
      validators: dtoField(CreateApiDto, 'description'),
    }),
    permissions: new FormArray([permissionRow()]),
  });
  protected readonly submission = submission(this.form);
  private readonly typed = toSignal(this.form.controls.name.valueChanges, { initialValue: '' });
  protected readonly name = computed(() => this.typed().trim());

  constructor() {
    guardUnsaved(() => !this.actions.isDone() && this.form.dirty);
  }

  protected create(): Promise<void> {
    this.removeEmptyRows();
    return this.submission.submit(async () => {
      const { name, description } = this.form.getRawValue();
      await this.actions.create(
        Object.assign(new CreateApiDto(), {
          name,
          description: emptyToUndefined(description.trim()),
          permissions: permissionsIn(name, this.form.controls.permissions),
        }),
      );
    });
  }

  /** Removes rows that the user has not filled, such as the first one. */
  private removeEmptyRows(): void {
    const rows = this.form.controls.permissions;
    rows.controls
      .filter((row) => Object.values(row.getRawValue()).every((value) => value.trim() === ''))
      .forEach((row) => rows.removeAt(rows.controls.indexOf(row)));
  }
}
