import { HttpErrorResponse, type HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { HEADER } from '@latchkey/auth-models';
import { tap } from 'rxjs';
import { Session } from './session';

/** Ends the session here as soon as the server no longer takes its token. */
export const sessionEnd: HttpInterceptorFn = (request, next) => {
  const session = inject(Session);
  const sent = request.headers.get(HEADER.xAuthToken);

  return next(request).pipe(
    tap({
      error: (error: unknown) => {
        // A late answer to a former session's request says nothing about the present one.
        const isRefused = error instanceof HttpErrorResponse && error.status === 401;
        if (isRefused && sent !== null && sent === session.credential) {
          session.end('session-ended');
        }
      },
    }),
  );
};
