import { ApplicationRef, DOCUMENT, inject, Injectable } from '@angular/core';
import { type PreloadingStrategy, type Route } from '@angular/router';
import { catchError, defer, EMPTY, type Observable, switchMap } from 'rxjs';
import { Session } from './session';

/** How long a browser is left alone that cannot tell when it is idle. */
const PAUSE_MILLISECONDS = 200;

/**
 * Loads the other pages once the present one is there and the browser has nothing to do, one after the other; and none for
 * somebody who is not signed in.
 */
@Injectable({ providedIn: 'root' })
export class IdlePreloading implements PreloadingStrategy {
  private readonly application = inject(ApplicationRef);
  private readonly session = inject(Session);
  private readonly window = inject(DOCUMENT).defaultView;
  private turn: Promise<void> = Promise.resolve();

  preload(_route: Route, load: () => Observable<unknown>): Observable<unknown> {
    if (!this.session.isSignedIn()) {
      return EMPTY;
    }
    return defer(() => (this.turn = this.turn.then(() => this.idle()))).pipe(
      switchMap(load),
      // What could not be had now is asked for again when somebody goes there.
      catchError(() => EMPTY),
    );
  }

  /** Resolves when the page has its rows, and then a moment in which nothing is to do. */
  private async idle(): Promise<void> {
    await this.application.whenStable();
    await new Promise<void>((resolve) => {
      // Safari has no requestIdleCallback.
      if (this.window !== null && 'requestIdleCallback' in this.window) {
        this.window.requestIdleCallback(() => resolve());
      } else {
        setTimeout(resolve, PAUSE_MILLISECONDS);
      }
    });
  }
}
