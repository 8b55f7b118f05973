import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  output,
  untracked,
} from '@angular/core';
import { FormArray, FormControl, FormGroup, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { type ApiDto, UpdateApiDto } from '@latchkey/auth-models';
import { firstValueFrom, map, tap } from 'rxjs';
import { injectTexts } from '../core/language';
import { Notifier } from '../core/notifier';
import { problemOf } from '../core/problem';
import { confirmed } from '../shared/dialogs/confirm';
import { focusFirstField } from '../shared/focus';
import { dtoField } from '../shared/forms/dto-field';
import { saveEdit } from '../shared/forms/save-edit';
import { submission, SubmissionError, SubmitButton } from '../shared/forms/submission';
import { TextField } from '../shared/forms/text-field';
import { sameVersion } from '../shared/resources';
import { type ApiEdit, changedMembers, isUsed, toEditable, toUpdate, usesInWords } from './api-changes';
import { FORCE, injectApis } from './apis-api';
import { type PermissionRow, permissionRow, PermissionRows, permissionsIn } from './permission-rows';

/** Form for the description and permissions of an API. */
@Component({
  selector: 'app-api-editor',
  imports: [MatButton, PermissionRows, ReactiveFormsModule, SubmissionError, SubmitButton, TextField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <form novalidate class="card stack" [formGroup]="form" (ngSubmit)="save()">
      <app-text-field [control]="form.controls.description" [label]="t().common.description" />
      <app-permission-rows [api]="api().name" [rows]="form.controls.permissions" />
      <app-submission-error [submission]="submission" />
      <div class="row">
        <button matButton type="button" [disabled]="submission.isSending()" (click)="cancelled.emit()">
          {{ t().common.cancel }}
        </button>
        <app-submit-button [label]="t().common.saveChanges" [submission]="submission" />
      </div>
    </form>
  `,
  styles: `
    .stack {
      gap: var(--space-6);
    }
  `,
})
export class ApiEditor {
  private readonly client = injectApis();
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);

  readonly api = input.required<ApiDto>();
  /** Emits the saved API. */
  readonly saved = output<ApiDto>();
  readonly cancelled = output();

  protected readonly t = injectTexts();
  protected readonly form = new FormGroup({
    description: new FormControl('', {
      nonNullable: true,
      validators: dtoField(UpdateApiDto, 'description'),
    }),
    permissions: new FormArray<PermissionRow>([]),
  });
  protected readonly submission = submission(this.form);
  private readonly base = computed(this.api, sameVersion);

  constructor() {
    focusFirstField();
    effect(() => {
      const { description = '', permissions } = this.base();
      untracked(() => {
        this.form.controls.description.reset(description);
        this.form.controls.permissions.clear();
        permissions.forEach((permission) => this.form.controls.permissions.push(permissionRow(permission)));
        this.form.markAsPristine();
      });
    });
  }

  /** Whether there are unsaved changes. */
  isChanged(): boolean {
    return Object.keys(this.changes()).length > 0;
  }

  protected save(): Promise<void> {
    return this.submission.submit(async () => {
      const change = this.changes();
      const saved = await this.send(change).catch(async (error: unknown) => {
        if (problemOf(error).code !== 'permission_in_use') {
          throw error;
        }
        return (await this.confirmRemoval(change)) ? this.send(change, FORCE) : null;
      });
      if (saved !== null) {
        const isNarrowed = this.base().permissions.some(
          ({ name }) => !saved.permissions.some((kept) => kept.name === name),
        );
        this.saved.emit(saved);
        this.notifier.revoked(this.t().common.saved(saved.name), isNarrowed ? saved.effectiveBy : undefined);
      }
    });
  }

  private changes(): ApiEdit {
    const { description, permissions } = this.form.controls;
    return changedMembers(
      this.base(),
      description.value.trim(),
      permissionsIn(this.base().name, permissions),
    );
  }

  private async send(change: ApiEdit, force?: typeof FORCE): Promise<ApiDto | null> {
    const base = this.base();
    const { description } = this.t().common;
    let current = base;
    const saved = await saveEdit(this.dialog, {
      fields: Object.keys(change).map((field) => ({
        field,
        label: field === 'description' ? description : field,
      })),
      base: toEditable(base),
      change,
      save: (kept, version) =>
        this.client.update(base.name, toUpdate(current, kept), version, force).pipe(map(toEditable)),
      read: () =>
        this.client.get(base.name).pipe(
          tap((api) => (current = api)),
          map(toEditable),
        ),
    });
    return saved === null ? null : saved.api;
  }

  /** Shows the roles and tokens that use removed permissions and asks whether to remove them there too. */
  private async confirmRemoval(change: ApiEdit): Promise<boolean> {
    const { items } = await firstValueFrom(this.client.usage(this.base().name));
    const uses = items.filter((use) => change[use.permission] === null && isUsed(use));
    const { removal, action } = this.t().apis.inUse;
    return confirmed(this.dialog, {
      heading: removal(uses.length),
      consequences: usesInWords(uses, this.t()),
      action,
    });
  }
}
