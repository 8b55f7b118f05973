import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatRadioModule } from '@angular/material/radio';
import { RouterLink } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { Language } from '../../core/language';
import { problemText } from '../../core/problem';
import { FormError } from '../../shared/forms/form-error';
import { submission } from '../../shared/forms/submission';
import { SubmitButton } from '../../shared/forms/submit-button';
import type { CanLeave } from '../../shared/leave-guard';
import { loaded } from '../../shared/loaded';
import { exactTime } from '../../shared/time/format-time';
import { Now } from '../../shared/time/now';
import { isInGrace, mayRotate } from '../../shared/tokens/token';
import { TokenChanges } from '../../shared/tokens/token-changes';
import { TokenIdentity } from '../../shared/tokens/token-identity';
import { BackLink } from '../../shared/ui/back-link';
import { ErrorState } from '../../shared/ui/error-state';
import { StaleNotice } from '../../shared/ui/stale-notice';
import { CreatedToken, oneTimeSecret } from '../created-token';
import { TokensApi } from '../tokens-api';

/** What the server answers when the token is not as it was seen: gone, or changed. */
const OVERTAKEN: readonly number[] = [404, 409, 412];

/** How many seconds the old secret goes on working. */
const GRACE_SECONDS = { none: 0, hour: 3_600, day: 86_400, week: 604_800 } as const;

type Grace = keyof typeof GRACE_SECONDS;

/** Gives a token a new secret, after a grace period is chosen for the old one, and shows it once. */
@Component({
  selector: 'app-rotate-token',
  imports: [
    BackLink,
    CreatedToken,
    MatButton,
    MatRadioModule,
    StaleNotice,
    ErrorState,
    ReactiveFormsModule,
    FormError,
    RouterLink,
    SubmitButton,
    TokenIdentity,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './rotate-token.html',
  styleUrl: './rotate-token.scss',
})
export class RotateToken implements CanLeave {
  private readonly api = inject(TokensApi);
  private readonly language = inject(Language);

  /** The token's id, from the address. */
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
  protected readonly refusal = signal<string | null>(null);
  protected readonly once = oneTimeSecret();
  protected readonly until = computed(() => {
    const { atOnce, until } = this.t().tokens.newToken.rotation;
    const seconds = GRACE_SECONDS[this.grace()];
    const end = new Date(this.now() + seconds * 1_000).toISOString();
    return seconds === 0 ? atOnce : until(exactTime(end, this.language.tag()).long);
  });

  mayLeave(): boolean | Promise<boolean> {
    return this.once.mayLeave();
  }

  protected rotate({ id, version }: UserTokenDto): Promise<void> {
    return this.submission.submit(
      async () => {
        this.refusal.set(null);
        const gracePeriodSeconds = GRACE_SECONDS[this.form.getRawValue().grace];
        this.once.token.set(await firstValueFrom(this.api.rotate(id, { gracePeriodSeconds, version })));
      },
      (problem) => {
        this.refusal.set(problemText(problem, this.t()));
        // Somebody else may have rotated it: what is shown is to be what is rotated next.
        if (OVERTAKEN.includes(problem.status)) {
          this.token.reload();
        }
      },
    );
  }
}
