import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_SNACK_BAR_DATA,
  MatSnackBarAction,
  MatSnackBarActions,
  MatSnackBarLabel,
  MatSnackBarRef,
} from '@angular/material/snack-bar';
import { LEASE_MILLISECONDS } from '@latchkey/auth-models/lists';
import { Language } from './language';

const SECOND = 1_000;

/** Message after a revocation: the time by which it is in effect everywhere, with a countdown. */
@Component({
  selector: 'app-effective-notice',
  imports: [MatButton, MatSnackBarAction, MatSnackBarActions, MatSnackBarLabel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  // Screen readers announce the message once, without the countdown.
  template: `
    <span matSnackBarLabel>
      {{ text() }}
      @if (seconds() > 0) {
        <span aria-hidden="true" class="countdown">{{ seconds() }} s</span>
      }
    </span>
    <span matSnackBarActions>
      <button mat-button matSnackBarAction type="button" (click)="reference.dismissWithAction()">
        {{ t().common.close }}
      </button>
    </span>
  `,
  styles: ':host { display: flex; }',
})
export class EffectiveNotice {
  protected readonly reference = inject(MatSnackBarRef);
  private readonly data = inject<{ done: string; effectiveBy: string }>(MAT_SNACK_BAR_DATA);
  private readonly language = inject(Language);
  protected readonly t = this.language.texts;
  protected readonly text = computed(() => withEffect(this.data.done, this.data.effectiveBy, this.language));
  /** Counted from the response, because the clock of this browser may be wrong. */
  protected readonly seconds = signal(LEASE_MILLISECONDS / SECOND);

  constructor() {
    const timer = setInterval(() => this.seconds.update((seconds) => seconds - 1), SECOND);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}

/** Appends the time by which a revocation is in effect everywhere. An older server does not send it. */
export function withEffect(done: string, effectiveBy: string | undefined, { tag, texts }: Language): string {
  return effectiveBy === undefined
    ? done
    : `${done} ${texts().tokens.revocation.rejectedBy(timeOfDay(effectiveBy, tag()))}`;
}

/** Formats the time of day to the second, never before the instant. */
export function timeOfDay(instant: string, locale: string): string {
  const seconds = Math.ceil(Date.parse(instant) / SECOND);
  return new Intl.DateTimeFormat(locale, { timeStyle: 'medium' }).format(seconds * SECOND);
}
