import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatRadioModule } from '@angular/material/radio';
import { RouterLink } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { Language } from '../../core/language';
import { problemText } from '../../core/problem';
import { submission } from '../../shared/forms/submission';
import { SubmissionError, SubmitButton } from '../../shared/forms/submit';
import type { CanLeave } from '../../shared/leave-guard';
import { loaded } from '../../shared/loaded';
import { exactTime } from '../../shared/time/format-time';
import { Now } from '../../shared/time/now';
import { isInGrace, mayRotate } from '../../shared/tokens/token';
import { TokenIdentity } from '../../shared/tokens/token-cells';
import { TokenChanges } from '../../shared/tokens/token-changes';
import { BackLink, PageHeader } from '../../shared/ui/page';
import { ErrorState, StaleNotice } from '../../shared/ui/states';
import { CreatedToken, oneTimeSecret } from '../created-token';
import { TokensApi } from '../tokens-api';

/** Statuses that mean the token was deleted or changed since it was loaded. */
const CONFLICTS: readonly number[] = [404, 409, 412];

/** Seconds until the old secret stops working. */
const GRACE_SECONDS = { none: 0, hour: 3_600, day: 86_400, week: 604_800 } as const;

type Grace = keyof typeof GRACE_SECONDS;

/** Page that rotates a token, with a grace period for the old secret, and shows the new one once. */
@Component({
  selector: 'app-rotate-token',
  imports: [
    BackLink,
    CreatedToken,
    MatButton,
    MatRadioModule,
    PageHeader,
    StaleNotice,
    ErrorState,
    ReactiveFormsModule,
    RouterLink,
    SubmissionError,
    SubmitButton,
    TokenIdentity,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './rotate-token.html',
  styles: `
    :host {
      display: block;
      max-width: 720px;
    }
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
    fieldset p {
      margin-top: 12px;
    }
  `,
})
export class RotateToken implements CanLeave {
  private readonly api = inject(TokensApi);
  private readonly language = inject(Language);

  /** Id of the token, from the URL. */
  readonly id = input.required<string>();

  protected readonly changes = inject(TokenChanges);
  protected readonly t = this.language.texts;
  protected readonly now = inject(Now).value;
  protected readonly isInGrace = isInGrace;
  protected readonly mayRotate = mayRotate;
  protected readonly graces = Object.keys(GRACE_SECONDS) as Grace[];
  protected readonly token = loaded(
    () => this.id(),
    (id) => this.api.get(id),
  );
  private readonly fields = inject(NonNullableFormBuilder);
  protected readonly form = this.fields.group({ grace: this.fields.control<Grace>('day') });
  private readonly grace = toSignal(this.form.controls.grace.valueChanges, {
    initialValue: this.form.controls.grace.value,
  });
  protected readonly submission = submission(this.form);
  protected readonly rotated = oneTimeSecret();
  protected readonly until = computed(() => {
    const { atOnce, until } = this.t().newToken.rotation;
    const seconds = GRACE_SECONDS[this.grace()];
    const end = new Date(this.now() + seconds * 1_000).toISOString();
    return seconds === 0 ? atOnce : until(exactTime(end, this.language.tag()).long);
  });

  mayLeave(): boolean | Promise<boolean> {
    return this.rotated.mayLeave();
  }

  protected rotate({ id, version }: UserTokenDto): Promise<void> {
    return this.submission.submit(
      async () => {
        const gracePeriodSeconds = GRACE_SECONDS[this.form.getRawValue().grace];
        this.rotated.token.set(await firstValueFrom(this.api.rotate(id, { gracePeriodSeconds, version })));
      },
      (problem) => {
        // Someone else may have rotated it. Shows the current token before the next attempt.
        if (CONFLICTS.includes(problem.status)) {
          this.token.reload();
        }
        return problemText(problem, this.t());
      },
    );
  }
}
