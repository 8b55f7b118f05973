import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatDialog } from '@angular/material/dialog';
import type { ClaimDetailsDto, UserTokenDto } from '@latchkey/auth-models';
import { withoutToken } from '@latchkey/client/angular';
import { firstValueFrom } from 'rxjs';
import { Language } from '../core/language';
import { confirmed } from '../shared/dialogs/confirm';
import { submission, SubmissionError, SubmitButton } from '../shared/forms/submission';
import { guardLeave, warnBeforeUnload } from '../shared/leave-guard';
import { loaded } from '../shared/loaded';
import { exactTime } from '../shared/time/format-time';
import { ClaimFacts } from '../shared/tokens/claim-facts';
import { SecretPanel } from '../shared/tokens/secret-panel';
import { ErrorState } from '../shared/ui/states';
import { openedLinks } from './opened-links';
import { SignInLayout } from './sign-in-layout';

/** Target of claim links, where recipients create a token. Opening it does not use the link. */
@Component({
  selector: 'app-claim',
  imports: [
    ClaimFacts,
    ErrorState,
    ReactiveFormsModule,
    SecretPanel,
    SignInLayout,
    SubmissionError,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './claim.html',
  styles: `
    :host {
      --app-sign-in-width: 520px;
    }
    app-claim-facts,
    app-secret-panel {
      display: block;
      margin-bottom: var(--space-6);
    }
  `,
})
export class Claim {
  private readonly http = inject(HttpClient);
  private readonly dialog = inject(MatDialog);
  private readonly language = inject(Language);
  private readonly secret = signal('');

  protected readonly t = this.language.texts;
  // Has no fields, only the state of the request.
  protected readonly form = inject(NonNullableFormBuilder).group({});
  protected readonly submission = submission(this.form);
  protected readonly details = loaded(
    () => this.secret() || null,
    (secret) => this.post<ClaimDetailsDto>('/auth/claims/details', secret),
  );
  protected readonly token = signal<UserTokenDto | null>(null);
  protected readonly isCopied = signal(false);
  protected readonly state = computed(() => {
    if (this.token()) {
      return 'created';
    }
    if (this.secret() === '') {
      return 'incomplete';
    }
    const problem = this.details.problem();
    if (problem) {
      return problem.code === 'not_found' ? 'unknown' : 'failed';
    }
    return this.details.value()?.state ?? 'loading';
  });

  constructor() {
    openedLinks('/claim').subscribe((secret) => this.open(secret));
    warnBeforeUnload(() => this.wouldLose());
    guardLeave(() => this.mayLeave());
  }

  protected time(instant: string): string {
    return exactTime(instant, this.language.tag(), 'long');
  }

  protected create(): Promise<void> {
    return this.submission.submit(
      async () =>
        this.token.set(await firstValueFrom(this.post<UserTokenDto>('/auth/claims', this.secret()))),
      (problem) => {
        if (['not_found', 'offer_claimed', 'offer_expired'].includes(problem.code ?? '')) {
          this.details.reload();
          return null;
        }
        return undefined;
      },
    );
  }

  private open(secret: string): void {
    // The user has to copy the new token first. A dialog could not ask: it closes when the address changes.
    if (this.wouldLose()) {
      return;
    }
    if (secret === this.secret()) {
      this.details.reload();
    }
    this.secret.set(secret);
    this.token.set(null);
    this.isCopied.set(false);
    this.submission.clear();
  }

  private mayLeave(): boolean | Promise<boolean> {
    const { heading, text, action } = this.t().secret.leave;
    return !this.wouldLose() || confirmed(this.dialog, { heading, consequences: [text], action });
  }

  private wouldLose(): boolean {
    return this.token() !== null && !this.isCopied();
  }

  private post<T>(path: string, secret: string) {
    return this.http.post<T>(path, { secret }, { context: withoutToken() });
  }
}
