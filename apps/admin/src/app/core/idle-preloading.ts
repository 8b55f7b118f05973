import { ApplicationRef, DOCUMENT, inject, Injectable } from '@angular/core';
import { type PreloadingStrategy, type Route } from '@angular/router';
import { catchError, defer, EMPTY, type Observable, switchMap } from 'rxjs';
import { Session } from './session';

/** Pause before each page in browsers without `requestIdleCallback`, such as Safari. */
const PAUSE_MILLISECONDS = 200;

/** Preloads the other pages one by one while the browser is idle and the user is signed in. */
@Injectable({ providedIn: 'root' })
export class IdlePreloading implements PreloadingStrategy {
  private readonly application = inject(ApplicationRef);
  private readonly session = inject(Session);
  private readonly window = inject(DOCUMENT).defaultView;
  private queue: Promise<void> = Promise.resolve();

  preload(_route: Route, load: () => Observable<unknown>): Observable<unknown> {
    if (!this.session.isSignedIn()) {
      return EMPTY;
    }
    return defer(() => (this.queue = this.queue.then(() => this.untilIdle()))).pipe(
      switchMap(load),
      // The router loads the page again when the user goes there.
      catchError(() => EMPTY),
    );
  }

  /** Resolves once the current page has its data and the browser is idle. */
  private async untilIdle(): Promise<void> {
    await this.application.whenStable();
    await new Promise<void>((resolve) => {
      if (this.window !== null && 'requestIdleCallback' in this.window) {
        this.window.requestIdleCallback(() => resolve());
      } else {
        setTimeout(resolve, PAUSE_MILLISECONDS);
      }
    });
  }
}
