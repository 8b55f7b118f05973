import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { UserDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { type Problem, problemOf } from '../../core/problem';
import { FormError } from '../../shared/forms/form-error';
import { type HandoverSecret, Handover } from '../handover';
import { UsersApi } from '../users-api';

/** Dialog that creates a set-up link for a user, and shows it once. */
@Component({
  selector: 'app-set-up-link',
  imports: [Handover, MatButton, MatDialogModule, FormError],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (shown(); as shown) {
      <app-handover
        [heading]="t().userPage.setUpLink.heading(user.name)"
        [shown]="shown"
        (done)="dialog.close()"
      />
    } @else {
      <h2 mat-dialog-title>{{ t().userPage.setUpLink.heading(user.name) }}</h2>
      <mat-dialog-content>
        <p>{{ t().userPage.setUpLink.text }}</p>
        <p>{{ t().userPage.setUpLink.effect(user.tokenCount) }}</p>
        @if (problem(); as problem) {
          <app-form-error [problem]="problem" />
        }
      </mat-dialog-content>
      <mat-dialog-actions>
        <button matButton type="button" mat-dialog-close>{{ t().common.cancel }}</button>
        <button
          matButton="filled"
          type="button"
          disabledInteractive
          [disabled]="isBusy()"
          (click)="createLink()"
        >
          {{ t().userPage.setUpLink.action }}
        </button>
      </mat-dialog-actions>
    }
  `,
})
export class SetUpLink {
  private readonly api = inject(UsersApi);
  protected readonly dialog = inject<MatDialogRef<SetUpLink>>(MatDialogRef);

  protected readonly t = injectTexts();
  protected readonly user = inject<UserDto>(MAT_DIALOG_DATA);
  protected readonly isBusy = signal(false);
  protected readonly problem = signal<Problem | null>(null);
  protected readonly shown = signal<HandoverSecret | null>(null);

  protected async createLink(): Promise<void> {
    if (this.isBusy()) {
      return;
    }
    this.isBusy.set(true);
    this.problem.set(null);
    try {
      const { link, expirationTime } = await firstValueFrom(this.api.createSetUpLink(this.user.name));
      // From now on only the button closes the dialog, because the link cannot be shown again.
      this.dialog.disableClose = true;
      this.shown.set({ kind: 'link', secret: link, until: expirationTime });
    } catch (error) {
      this.problem.set(problemOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
