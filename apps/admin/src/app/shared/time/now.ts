import { HttpEventType, type HttpInterceptorFn } from '@angular/common/http';
import { inject, Injectable, signal } from '@angular/core';
import { tap } from 'rxjs';

/**
 * The current time, updated every minute and with each successful response. Nothing that sends requests may
 * depend on it, because their responses would cause the next ones.
 */
@Injectable({ providedIn: 'root' })
export class Now {
  private readonly instant = signal(Date.now());

  readonly value = this.instant.asReadonly();

  constructor() {
    setInterval(() => this.update(), 60_000);
  }

  update(): void {
    this.instant.set(Date.now());
  }
}

/**
 * Updates the current time with each successful response. Otherwise, what has just ended would look valid for
 * up to a minute.
 */
export const updateNow: HttpInterceptorFn = (request, next) => {
  const now = inject(Now);
  return next(request).pipe(
    tap(({ type }) => {
      if (type === HttpEventType.Response) {
        now.update();
      }
    }),
  );
};
