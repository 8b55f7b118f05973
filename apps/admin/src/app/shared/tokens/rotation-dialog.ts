import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatRadioModule } from '@angular/material/radio';
import type { RotateTokenDto, UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { Language } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { isOutdated, problemText } from '../../core/problem';
import { submission, SubmissionError, SubmitButton } from '../forms/submission';
import { guardClose } from '../leave-guard';
import { exactTime } from '../time/format-time';
import { Now } from '../time/now';
import { oneTimeSecret } from './one-time-secret';
import { SecretPanel } from './secret-panel';
import { isInGrace, mayRotate, tokenPath } from './token';
import { TokenIdentity } from './token-cells';

/** Seconds until the old secret stops working. */
const GRACE_SECONDS = { none: 0, hour: 3_600, day: 86_400, week: 604_800 } as const;

type Grace = keyof typeof GRACE_SECONDS;

/**
 * Dialog that rotates a token, with a grace period for the old secret, and shows the new secret once; closes
 * with `true` after a rotation.
 */
@Component({
  selector: 'app-rotation-dialog',
  imports: [
    MatButton,
    MatDialogModule,
    MatRadioModule,
    ReactiveFormsModule,
    SecretPanel,
    SubmissionError,
    SubmitButton,
    TokenIdentity,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './rotation-dialog.html',
  styles: `
    fieldset p {
      margin-top: var(--space-3);
    }
  `,
})
export class RotationDialog {
  private readonly dialog = inject<MatDialogRef<RotationDialog, boolean>>(MatDialogRef);
  private readonly http = inject(HttpClient);
  private readonly language = inject(Language);
  private readonly notifier = inject(Notifier);

  protected readonly t = this.language.texts;
  protected readonly token = signal(inject<UserTokenDto>(MAT_DIALOG_DATA));
  protected readonly rotated = oneTimeSecret();
  protected readonly now = inject(Now).value;
  protected readonly isInGrace = isInGrace;
  protected readonly mayRotate = mayRotate;
  protected readonly graces = Object.keys(GRACE_SECONDS) as Grace[];
  private readonly fields = inject(NonNullableFormBuilder);
  protected readonly form = this.fields.group({ grace: this.fields.control<Grace>('day') });
  private readonly grace = toSignal(this.form.controls.grace.valueChanges, { initialValue: 'day' });
  protected readonly submission = submission(this.form);
  protected readonly until = computed(() => {
    const { atOnce, until } = this.t().newToken.rotation;
    const seconds = GRACE_SECONDS[this.grace()];
    const end = new Date(this.now() + seconds * 1_000).toISOString();
    return seconds === 0 ? atOnce : until(exactTime(end, this.language.tag(), 'long'));
  });
  protected readonly close = guardClose(
    // The response has the secret.
    () => !this.submission.isSending() && this.rotated.mayLeave(),
    () => this.dialog.close(this.rotated.token() !== null),
  );

  protected rotate(): Promise<void> {
    const { id, version } = this.token();
    return this.submission.submit(
      async () => {
        const gracePeriodSeconds = GRACE_SECONDS[this.form.getRawValue().grace];
        const dto: RotateTokenDto = { gracePeriodSeconds, version };
        const rotated = this.http.post<UserTokenDto>(`${tokenPath(id)}/rotate`, dto);
        this.rotated.token.set(await firstValueFrom(rotated));
      },
      (problem) => {
        // Another user may have rotated the token, so the dialog shows the current one before the next
        // attempt.
        if (isOutdated(problem)) {
          void this.reload();
        }
        return problemText(problem, this.t());
      },
    );
  }

  private reload(): Promise<boolean> {
    const token = this.http.get<UserTokenDto>(tokenPath(this.token().id));
    return attempt(this.notifier, async () => this.token.set(await firstValueFrom(token)));
  }
}
