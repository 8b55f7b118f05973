import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatCheckbox } from '@angular/material/checkbox';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { RotateTokenDto, type UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { withEffect } from '../../core/effective-notice';
import { Language } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { isOutdated } from '../../core/problem';
import { Session } from '../../core/session';
import { dtoField } from '../../shared/forms/dto-field';
import { showServerErrors } from '../../shared/forms/server-errors';
import { submission, SubmissionError } from '../../shared/forms/submission';
import { TextField } from '../../shared/forms/text-field';
import { guardUnsaved } from '../../shared/leave-guard';
import { loaded } from '../../shared/loaded';
import { exactTime } from '../../shared/time/format-time';
import { oneTimeSecret } from '../../shared/tokens/one-time-secret';
import { SecretPanel } from '../../shared/tokens/secret-panel';
import { isLive, isRenewable, mayRotate, tokenName } from '../../shared/tokens/token';
import { ErrorState } from '../../shared/ui/states';
import { TokensApi } from '../tokens-api';
import { LeakEvidence } from './leak-evidence';

const DAY_MILLISECONDS = 86_400_000;

/**
 * Days before the report, or before today without one, from which on uses count. A theft precedes its report.
 */
const DEFAULT_DAYS = 30;

/**
 * Dialog that responds to a leaked token: shows what it could do and what was done with it, then rotates or
 * revokes it, with its descendants on request.
 */
@Component({
  selector: 'app-leak-response',
  imports: [
    ErrorState,
    LeakEvidence,
    MatButton,
    MatCheckbox,
    MatDialogModule,
    MatFormFieldModule,
    MatInput,
    ReactiveFormsModule,
    SecretPanel,
    SubmissionError,
    TextField,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './leak-response.html',
  styles: `
    .since {
      max-width: 220px;
    }
    .response {
      display: grid;
      gap: var(--space-3);
    }
    .lead {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 0 var(--space-3);
      color: var(--mat-sys-on-surface);
    }
    @media (width < 37.5em) {
      mat-dialog-actions {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-2);
        justify-content: stretch;
      }
      mat-dialog-actions > button {
        margin: 0;
      }
    }
  `,
})
export class LeakResponse {
  private readonly api = inject(TokensApi);
  private readonly dialog = inject<MatDialogRef<LeakResponse>>(MatDialogRef);
  private readonly language = inject(Language);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  protected readonly t = this.language.texts;
  protected readonly token = signal(inject<UserTokenDto>(MAT_DIALOG_DATA));
  protected readonly name = computed(() => tokenName(this.token(), this.t()));
  protected readonly isLive = computed(() => isLive(this.token()));
  protected readonly isRenewable = computed(() => isRenewable(this.token()));
  protected readonly mayRotate = computed(() => mayRotate(this.token()));
  protected readonly reported = computed(() => {
    const { leakReportTime } = this.token();
    return leakReportTime === undefined
      ? ''
      : this.t().leakResponse.reported(exactTime(leakReportTime, this.language.tag()));
  });

  /** UTC day, because the server counts uses by these. */
  protected readonly since = signal(defaultSince(this.token()));
  protected readonly today = new Date().toISOString().slice(0, 10);

  protected readonly form = inject(NonNullableFormBuilder).group({
    reason: ['', dtoField(RotateTokenDto, 'reason')],
  });
  protected readonly submission = submission(this.form);
  protected readonly below = loaded(
    () => this.token().id,
    (id) => this.api.countDescendants(id),
  );
  /** Number of descendants that the response can revoke; 0 until it is known. */
  protected readonly descendants = computed(() => this.below.value() ?? 0);
  /**
   * Whether {@link descendants} is known. Otherwise the response would revoke tokens that the user did not
   * see.
   */
  protected readonly isCounted = computed(() => !this.below.isLoading() && this.below.problem() === null);
  /** Offers approved with the token, which can still create tokens. */
  protected readonly pending = loaded(
    () => (this.session.can('audit:read') && this.session.can('tokens:read') ? this.token().id : null),
    (id) => this.api.countPending(id),
  );
  protected readonly offers = computed(() => this.pending.value()?.offers ?? 0);
  protected readonly canRevoke = computed(() => this.isLive() || this.isRenewable());
  /** Whether the response can revoke anything. */
  protected readonly hasActions = computed(
    () => this.canRevoke() || this.descendants() > 0 || this.offers() > 0,
  );
  protected readonly withDescendants = signal(true);
  /** Number of tokens that the response revokes besides the token. */
  protected readonly others = computed(() => (this.withDescendants() ? this.descendants() : 0));

  /** The token with its new secret, after a rotation. */
  protected readonly rotated = oneTimeSecret();
  protected readonly done = signal('');

  constructor() {
    // While a request is sent, its response may have the secret. Then only the button closes the dialog.
    guardUnsaved(() =>
      this.submission.isSending() || this.rotated.token() !== null
        ? null
        : this.reason().reason !== undefined,
    );
  }

  protected changeSince(day: string): void {
    if (day !== '') {
      this.since.set(day);
    }
  }

  protected revoke(): Promise<void> {
    return this.submit(async () => {
      const effectiveBy = await firstValueFrom(
        this.api.revoke(this.token().id, {
          ...((this.withDescendants() || !this.canRevoke()) && { descendants: true }),
          ...this.reason(),
        }),
      );
      const total = Number(this.canRevoke()) + this.others();
      this.notifier.revoked(this.t().leakResponse.revoked(total), effectiveBy);
      this.dialog.close();
    });
  }

  protected rotate(): Promise<void> {
    return this.submit(async () => {
      const { id, version } = this.token();
      const rotated = await firstValueFrom(
        this.api.rotate(id, {
          version,
          revokeDescendants: this.withDescendants(),
          ...this.reason(),
        }),
      );
      // First, because the secret is shown once.
      this.rotated.token.set(rotated);
      const { revokedDescendants = 0, effectiveBy } = rotated;
      this.done.set(
        withEffect(this.t().leakResponse.rotated(revokedDescendants), effectiveBy, this.language),
      );
    });
  }

  protected async finish(): Promise<void> {
    if (await this.rotated.mayLeave()) {
      this.dialog.close();
    }
  }

  /** Sends the response. Reads the token again if it was changed in the meantime, for the next attempt. */
  private async submit(send: () => Promise<void>): Promise<void> {
    if (!this.isCounted()) {
      return;
    }
    await this.submission.submit(send, (problem) => {
      if (isOutdated(problem)) {
        void this.reload();
      }
      return showServerErrors(this.form, problem, this.t());
    });
  }

  private async reload(): Promise<void> {
    this.below.reload();
    this.pending.reload();
    await attempt(this.notifier, async () =>
      this.token.set(await firstValueFrom(this.api.get(this.token().id))),
    );
  }

  private reason(): { reason?: string } {
    const reason = this.form.getRawValue().reason.trim();
    return reason === '' ? {} : { reason };
  }
}

function defaultSince({ leakReportTime }: UserTokenDto): string {
  const reported = leakReportTime === undefined ? Date.now() : Date.parse(leakReportTime);
  return new Date(reported - DEFAULT_DAYS * DAY_MILLISECONDS).toISOString().slice(0, 10);
}
