import { DOCUMENT } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, effect, inject, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { catchError, EMPTY, exhaustMap, filter, interval } from 'rxjs';
import { BrowserStorage } from '../core/browser-storage';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { CopyButton } from '../shared/ui/copy-button';
import { Icon } from '../shared/ui/icon';
import { HomeApi } from './home-api';

const STORAGE_KEY = 'latchkey-welcome-dismissed';
const LOOK_MILLISECONDS = 2_000;

/** A product with its version, as in `User-Agent` (RFC 9110, section 10.1.5). */
const AGENT = /^[^\s/,]+\/\S/;

/** What a new server greets its first administrator with: the first call, which turns green when the server has seen it. */
@Component({
  selector: 'app-welcome',
  imports: [CopyButton, Icon, MatButton, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './welcome.html',
  styleUrl: './welcome.scss',
})
export class Welcome {
  private readonly api = inject(HomeApi);
  private readonly session = inject(Session);
  private readonly storage = inject(BrowserStorage);
  private readonly document = inject(DOCUMENT);
  private readonly startTime = Date.now();

  /** The server saw the call. */
  readonly seen = output();

  protected readonly t = injectTexts();
  protected readonly isDismissed = signal(this.storage.read(STORAGE_KEY) !== null);
  /** The session that the call began. */
  protected readonly call = signal<UserTokenDto | null>(null);
  protected readonly curl = computed(
    () =>
      `curl -X POST -u '${this.session.me()?.name ?? ''}' -H 'Accept: text/plain' ${this.document.location.origin}/auth/login`,
  );

  constructor() {
    effect((onCleanup) => {
      if (this.isDismissed() || this.call() !== null) {
        return;
      }
      const looking = interval(LOOK_MILLISECONDS)
        .pipe(
          filter(() => this.document.visibilityState === 'visible'),
          // One try that fails is no news: the next one tells.
          exhaustMap(() => this.api.newestOwn().pipe(catchError(() => EMPTY))),
        )
        .subscribe(({ items }) => this.look(items));
      onCleanup(() => looking.unsubscribe());
    });
  }

  protected dismiss(): void {
    this.storage.write(STORAGE_KEY, 'true');
    this.isDismissed.set(true);
  }

  private look(tokens: readonly UserTokenDto[]): void {
    const call = tokens.find((token) => this.isCall(token));
    if (call !== undefined) {
      this.call.set(call);
      this.seen.emit();
    }
  }

  /** Whether a session was begun by a program: its note is the agent that it named, and not the console's own. */
  private isCall({ id, kind, note, creationTime }: UserTokenDto): boolean {
    return (
      kind === 'session' &&
      id !== this.session.token()?.id &&
      (note === undefined || AGENT.test(note)) &&
      Date.parse(creationTime) >= this.startTime - LOOK_MILLISECONDS
    );
  }
}
