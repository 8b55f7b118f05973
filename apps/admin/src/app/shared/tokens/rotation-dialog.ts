import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, inject, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, type MatDialog, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { oneTimeSecret } from './one-time-secret';
import { RotationForm } from './rotation-form';
import { SecretPanel } from './secret-panel';
import { tokenPath } from './token';

/** Dialog that rotates a token and shows the new secret once; closes with `true` after a rotation. */
@Component({
  selector: 'app-rotation-dialog',
  imports: [MatButton, MatDialogModule, RotationForm, SecretPanel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (rotated.token(); as secret) {
      <h2 mat-dialog-title>{{ t().newToken.rotation.done }}</h2>
      <mat-dialog-content>
        <app-secret-panel [token]="secret" (copied)="rotated.isCopied.set(true)" />
      </mat-dialog-content>
      <mat-dialog-actions>
        <button [matButton]="rotated.isCopied() ? 'filled' : 'tonal'" type="button" (click)="close()">
          {{ t().common.done }}
        </button>
      </mat-dialog-actions>
    } @else {
      <h2 mat-dialog-title>{{ t().pages.rotateToken }}</h2>
      <mat-dialog-content>
        <p>{{ t().newToken.rotation.lead }}</p>
        <app-rotation-form [token]="token()" (rotated)="rotated.token.set($event)" (outdated)="reload()">
          <button matButton type="button" (click)="close()">{{ t().common.cancel }}</button>
        </app-rotation-form>
      </mat-dialog-content>
    }
  `,
  styles: `
    mat-dialog-content {
      max-height: calc(100dvh - 180px);
    }
    app-rotation-form {
      --rotation-actions: flex-end;

      display: block;
      margin-top: 16px;
    }
  `,
})
export class RotationDialog {
  private readonly dialog = inject<MatDialogRef<RotationDialog, boolean>>(MatDialogRef);
  private readonly http = inject(HttpClient);
  private readonly notifier = inject(Notifier);

  protected readonly t = injectTexts();
  protected readonly token = signal(inject<UserTokenDto>(MAT_DIALOG_DATA));
  protected readonly rotated = oneTimeSecret();
  private readonly form = viewChild(RotationForm);

  constructor() {
    // Neither Esc nor a click beside the dialog closes it before the secret is copied.
    this.dialog.disableClose = true;
    this.dialog.keydownEvents().subscribe((event) => {
      if (event.key === 'Escape') {
        void this.close();
      }
    });
  }

  protected async close(): Promise<void> {
    // The response has the secret.
    if (!this.form()?.submission.isSending() && (await this.rotated.mayLeave())) {
      this.dialog.close(this.rotated.token() !== null);
    }
  }

  protected reload(): Promise<boolean> {
    const token = this.http.get<UserTokenDto>(tokenPath(this.token().id));
    return attempt(this.notifier, async () => this.token.set(await firstValueFrom(token)));
  }
}

/** Opens the dialog. Returns whether the token was rotated. */
export async function openRotation(
  dialog: MatDialog,
  token: UserTokenDto,
  restoreFocus: HTMLElement | boolean,
): Promise<boolean> {
  const options = {
    data: token,
    width: '560px',
    panelClass: 'app-sheet',
    autoFocus: 'first-heading',
    restoreFocus,
  };
  const opened = dialog.open<RotationDialog, UserTokenDto, boolean>(RotationDialog, options);
  return (await firstValueFrom(opened.afterClosed())) ?? false;
}
