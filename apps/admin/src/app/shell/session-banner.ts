import { ChangeDetectionStrategy, Component, computed, effect, inject, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { timer } from 'rxjs';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { Time } from '../shared/time/time';

/** Longest time before its expiry that a session shows the warning. */
const WARNING_MILLISECONDS = 300_000;

/** A short session shows the warning in the last fifth of its lifetime. */
const WARNING_PART = 5;

const POLL_MILLISECONDS = 15_000;

/**
 * Warns that the session reaches its maximum lifetime soon, which activity does not extend, and offers to
 * renew it.
 */
@Component({
  selector: 'app-session-banner',
  imports: [MatButton, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'status' },
  template: `
    @if (expiry(); as expiry) {
      <div class="notice aligned">
        <p>{{ t().session.warning.text }} <app-time [instant]="expiry" /></p>
        <button matButton type="button" (click)="renew.emit()">{{ t().session.warning.action }}</button>
      </div>
    }
  `,
  styles: `
    .notice {
      margin-bottom: var(--space-6);
    }
    p {
      font-weight: 550;
    }
  `,
})
export class SessionBanner {
  private readonly session = inject(Session);
  private readonly now = signal(Date.now());

  readonly renew = output();

  protected readonly t = injectTexts();
  private readonly lifetime = computed(() => {
    const { creationTime, expirationTime } = this.session.token() ?? {};
    return creationTime === undefined || expirationTime === undefined
      ? null
      : { expirationTime, milliseconds: Date.parse(expirationTime) - Date.parse(creationTime) };
  });
  /** Expiry of the session, if the warning is due. */
  readonly expiry = computed(() => {
    const lifetime = this.lifetime();
    if (lifetime === null) {
      return null;
    }
    const notice = Math.min(WARNING_MILLISECONDS, lifetime.milliseconds / WARNING_PART);
    return Date.parse(lifetime.expirationTime) - this.now() <= notice ? lifetime.expirationTime : null;
  });

  constructor() {
    effect((onCleanup) => {
      const lifetime = this.lifetime();
      if (lifetime !== null) {
        const interval = Math.min(POLL_MILLISECONDS, lifetime.milliseconds / (2 * WARNING_PART));
        const polling = timer(0, interval).subscribe(() => this.now.set(Date.now()));
        onCleanup(() => polling.unsubscribe());
      }
    });
  }
}
