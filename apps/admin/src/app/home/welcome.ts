import { DOCUMENT } from '@angular/common';
import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, effect, inject, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { PageDto, UserTokenDto } from '@latchkey/auth-models';
import { catchError, EMPTY, exhaustMap, filter, interval, type Observable, takeUntil, timer } from 'rxjs';
import { BrowserStorage } from '../core/browser-storage';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { CopyButton } from '../shared/ui/copy-button';
import { Icon } from '../shared/ui/icon';

const STORAGE_KEY = 'latchkey-welcome-dismissed';
const POLL_MILLISECONDS = 2_000;
/** Time after which a poll without a response is dropped and the next one starts. */
const POLL_TIMEOUT_MILLISECONDS = 10_000;

/** Product with version, as in `User-Agent` (RFC 9110, section 10.1.5). */
const USER_AGENT = /^[^\s/,]+\/\S/;

/**
 * Welcome on a new server: a login command for the terminal, and a confirmation when the server has received
 * it.
 */
@Component({
  selector: 'app-welcome',
  imports: [CopyButton, Icon, MatButton, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (!isDismissed()) {
      <section aria-labelledby="welcome" [class.received]="received() !== null">
        <h2 id="welcome">{{ t().home.welcome.heading }}</h2>
        <p>{{ t().home.welcome.text }}</p>
        <div class="command">
          <pre tabindex="0"><code>{{ curl() }}</code></pre>
          <app-copy-button [text]="curl()" />
        </div>
        <p class="outcome" role="status">
          @if (received(); as session) {
            <app-icon name="check" />
            {{ t().home.welcome.received(session.note ?? 'curl') }}
          } @else {
            <span class="pulse" aria-hidden="true"></span>{{ t().home.welcome.waiting }}
          }
        </p>
        <div class="row">
          <a matButton="tonal" routerLink="/users" [queryParams]="{ new: 'service' }">{{
            t().home.welcome.service
          }}</a>
          <a matButton href="/docs" target="_blank" rel="noopener">{{ t().home.welcome.document }}</a>
          <button matButton type="button" (click)="dismiss()">{{ t().home.welcome.dismiss }}</button>
        </div>
      </section>
    }
  `,
  styles: `
    section {
      padding: var(--space-6);
      border-radius: var(--mat-sys-corner-large);
      background: var(--app-ink);
      color: var(--app-on-ink);
      transition: background-color 400ms;
    }
    section.received {
      background: #0b5a3c;
    }
    h2 {
      font: 650 1.25rem/1.75rem var(--app-font);
      letter-spacing: -0.015em;
    }
    p {
      max-width: 88ch;
      margin-top: var(--space-1);
      color: var(--app-on-ink-quiet);
    }
    .received p {
      color: #d5f3e4;
    }
    .command {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: var(--space-2) var(--space-3);
      margin-top: var(--space-4);
      padding: var(--space-2) var(--space-2) var(--space-2) var(--space-4);
      border-radius: var(--mat-sys-corner-medium);
      background: rgb(0 0 0 / 28%);
    }
    pre {
      flex: 1 1 320px;
      min-width: 0;
      font: 0.875rem/1.6 var(--app-mono);
      white-space: pre-wrap;
      overflow-wrap: anywhere;
    }
    .outcome {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      margin-top: var(--space-3);
      color: var(--app-on-ink);
      font-weight: 600;
    }
    .pulse {
      width: 10px;
      height: 10px;
      border-radius: 50%;
      background: var(--app-brass);
      animation: pulse 1.4s ease-in-out infinite alternate;
    }
    .row {
      margin-top: var(--space-4);
      --mat-button-text-label-text-color: var(--app-on-ink);
    }
    /* Aligns the text of the other buttons with the box of the first one. */
    @media (width < 37.5em) {
      .row {
        display: grid;
        justify-items: start;
      }
      .row > :not(:first-child) {
        margin-left: calc(-1 * var(--space-3));
      }
    }
    @keyframes pulse {
      to {
        opacity: 0.25;
      }
    }
  `,
})
export class Welcome {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);
  private readonly storage = inject(BrowserStorage);
  private readonly document = inject(DOCUMENT);
  private readonly startTime = Date.now();

  readonly requestReceived = output();

  protected readonly t = injectTexts();
  protected readonly isDismissed = signal(this.storage.read(STORAGE_KEY) !== null);
  protected readonly received = signal<UserTokenDto | null>(null);
  protected readonly curl = computed(
    () =>
      `curl -X POST -u '${this.session.user()?.name ?? ''}' -H 'Accept: text/plain' ${this.document.location.origin}/auth/login`,
  );

  constructor() {
    effect((onCleanup) => {
      if (this.isDismissed() || this.received() !== null) {
        return;
      }
      const polling = interval(POLL_MILLISECONDS)
        .pipe(
          filter(() => this.document.visibilityState === 'visible'),
          // Ignore failures: the next poll follows soon.
          exhaustMap(() =>
            this.newestTokens().pipe(
              takeUntil(timer(POLL_TIMEOUT_MILLISECONDS)),
              catchError(() => EMPTY),
            ),
          ),
        )
        .subscribe(({ items }) => this.check(items));
      onCleanup(() => polling.unsubscribe());
    });
  }

  protected dismiss(): void {
    this.storage.write(STORAGE_KEY, 'true');
    this.isDismissed.set(true);
  }

  private newestTokens(): Observable<PageDto<UserTokenDto>> {
    const params = { sort: '-creationTime', size: 10 };
    return this.http.get<PageDto<UserTokenDto>>('/me/tokens', { params });
  }

  private check(tokens: readonly UserTokenDto[]): void {
    const session = tokens.find((token) => this.isFromProgram(token));
    if (session !== undefined) {
      this.received.set(session);
      this.requestReceived.emit();
    }
  }

  /**
   * Whether a program started the session after this page was opened. The note is then its user agent, and
   * not that of the console.
   */
  private isFromProgram({ id, kind, note, creationTime }: UserTokenDto): boolean {
    return (
      kind === 'session' &&
      id !== this.session.token()?.id &&
      (note === undefined || USER_AGENT.test(note)) &&
      Date.parse(creationTime) >= this.startTime - POLL_MILLISECONDS
    );
  }
}
