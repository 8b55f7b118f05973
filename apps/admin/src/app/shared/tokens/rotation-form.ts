import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatRadioModule } from '@angular/material/radio';
import type { RotateTokenDto, UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { Language } from '../../core/language';
import { isOutdated, problemText } from '../../core/problem';
import { submission, SubmissionError, SubmitButton } from '../forms/submission';
import { exactTime } from '../time/format-time';
import { Now } from '../time/now';
import { isInGrace, mayRotate, tokenPath } from './token';
import { TokenIdentity } from './token-cells';
import { TokenChanges } from './token-changes';

/** Seconds until the old secret stops working. */
const GRACE_SECONDS = { none: 0, hour: 3_600, day: 86_400, week: 604_800 } as const;

type Grace = keyof typeof GRACE_SECONDS;

/** Form that rotates a token, with a grace period for the old secret. Its content is the button that cancels. */
@Component({
  selector: 'app-rotation-form',
  imports: [MatRadioModule, ReactiveFormsModule, SubmissionError, SubmitButton, TokenIdentity],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './rotation-form.html',
  styles: `
    .stack {
      gap: 24px;
    }
    mat-radio-group {
      display: grid;
      justify-items: start;
      gap: 4px;
      margin-left: -8px;
    }
    strong {
      display: block;
    }
    .row {
      justify-content: var(--rotation-actions, flex-start);
    }
    fieldset p {
      margin-top: 12px;
    }
  `,
})
export class RotationForm {
  private readonly http = inject(HttpClient);
  private readonly language = inject(Language);

  readonly token = input.required<UserTokenDto>();
  /** Emits the rotated token with its secret. */
  readonly rotated = output<UserTokenDto>();
  /** Emits when another user may have rotated the token, so that the current one is shown before the next attempt. */
  readonly outdated = output();

  protected readonly changes = inject(TokenChanges);
  protected readonly t = this.language.texts;
  protected readonly now = inject(Now).value;
  protected readonly isInGrace = isInGrace;
  protected readonly mayRotate = mayRotate;
  protected readonly graces = Object.keys(GRACE_SECONDS) as Grace[];
  private readonly fields = inject(NonNullableFormBuilder);
  protected readonly form = this.fields.group({ grace: this.fields.control<Grace>('day') });
  private readonly grace = toSignal(this.form.controls.grace.valueChanges, {
    initialValue: this.form.controls.grace.value,
  });
  readonly submission = submission(this.form);
  protected readonly until = computed(() => {
    const { atOnce, until } = this.t().newToken.rotation;
    const seconds = GRACE_SECONDS[this.grace()];
    const end = new Date(this.now() + seconds * 1_000).toISOString();
    return seconds === 0 ? atOnce : until(exactTime(end, this.language.tag(), 'long'));
  });

  protected rotate({ id, version }: UserTokenDto): Promise<void> {
    return this.submission.submit(
      async () => {
        const gracePeriodSeconds = GRACE_SECONDS[this.form.getRawValue().grace];
        const dto: RotateTokenDto = { gracePeriodSeconds, version };
        this.rotated.emit(await firstValueFrom(this.http.post<UserTokenDto>(`${tokenPath(id)}/rotate`, dto)));
      },
      (problem) => {
        if (isOutdated(problem)) {
          this.outdated.emit();
        }
        return problemText(problem, this.t());
      },
    );
  }
}
