import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { NonNullableFormBuilder } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { UpdateTokenDto, UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { saveEdit } from '../../shared/forms/save-edit';
import { submission } from '../../shared/forms/submission';
import { SubmissionError, SubmitButton } from '../../shared/forms/submit';
import { TokensApi } from '../tokens-api';
import { ScopePicker } from './scope-picker';
import { scopeMembers, scopeOf, type TokenScope } from './token-scope';

/** Dialog to change the roles and permissions of a token; closes with the saved token. */
@Component({
  selector: 'app-edit-scope',
  imports: [MatButton, MatDialogModule, ScopePicker, SubmissionError, SubmitButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ t().tokenPage.scope.edit }}</h2>
    <form novalidate class="dialog-form" (submit)="$event.preventDefault(); save()">
      <mat-dialog-content class="stack">
        <p class="second-line">{{ t().tokenPage.scope.editLead }}</p>
        <app-scope-picker [owner]="token.user" [(scope)]="scope" />
        <app-submission-error [submission]="submission" />
      </mat-dialog-content>
      <mat-dialog-actions>
        <button matButton type="button" [mat-dialog-close]="undefined">{{ t().common.cancel }}</button>
        <app-submit-button
          [label]="t().common.save"
          [sending]="t().common.saving"
          [submission]="submission"
        />
      </mat-dialog-actions>
    </form>
  `,
})
export class EditScope {
  private readonly api = inject(TokensApi);
  private readonly dialog = inject<MatDialogRef<EditScope, UserTokenDto>>(MatDialogRef);
  private readonly dialogs = inject(MatDialog);

  protected readonly token = inject<UserTokenDto>(MAT_DIALOG_DATA);
  protected readonly t = injectTexts();
  protected readonly scope = signal<TokenScope>(scopeOf(this.token));
  // Has no fields, only the state of the request.
  protected readonly submission = submission(inject(NonNullableFormBuilder).group({}));
  private readonly change = computed((): UpdateTokenDto => {
    const before = scopeMembers(scopeOf(this.token));
    const after = scopeMembers(this.scope());
    return {
      ...(before.permissions?.join() !== after.permissions?.join() && {
        permissions: after.permissions ?? null,
      }),
      ...(before.roles?.join() !== after.roles?.join() && { roles: after.roles ?? null }),
    };
  });

  protected save(): Promise<void> {
    return this.submission.submit(async () => {
      const { permissions, roles } = this.t().tokenPage;
      const saved = await saveEdit(this.dialogs, {
        fields: [
          { field: 'permissions', label: permissions.heading },
          { field: 'roles', label: roles.heading },
        ],
        base: this.token,
        change: this.change(),
        save: (change, version) => this.api.update(this.token.id, change, version),
        read: () => this.api.get(this.token.id),
      });
      if (saved !== null) {
        this.dialog.close(saved);
      }
    });
  }
}
