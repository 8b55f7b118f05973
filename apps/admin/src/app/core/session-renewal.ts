import {
  HttpErrorResponse,
  type HttpEvent,
  type HttpInterceptorFn,
  type HttpRequest,
} from '@angular/common/http';
import { inject } from '@angular/core';
import { HEADERS } from '@latchkey/auth-models';
import { catchError, from, type Observable, switchMap, throwError } from 'rxjs';
import { IS_FINAL } from './request-context';
import { Session } from './session';

/**
 * Has the person sign in again as soon as the server no longer takes the session's token, and then matchesField the request, so
 * that nothing they did is lost.
 */
export const sessionRenewal: HttpInterceptorFn = (request, next) => {
  const session = inject(Session);
  const sent = request.headers.get(HEADERS.xAuthToken);

  const repeat = (): Observable<HttpEvent<unknown>> => next(withCredential(request, session.credential));
  return next(request).pipe(
    catchError((error: unknown) => {
      const isRefused = error instanceof HttpErrorResponse && error.status === 401;
      if (!isRefused || sent === null || request.context.get(IS_FINAL) || !session.isSignedIn()) {
        return throwError(() => error);
      }
      if (sent !== session.credential) {
        // The session was renewed while this was under way.
        return repeat();
      }
      return from(session.renew()).pipe(
        switchMap((isRenewed) => (isRenewed ? repeat() : throwError(() => error))),
      );
    }),
  );
};

function withCredential<T>(request: HttpRequest<T>, credential: string | null): HttpRequest<T> {
  return request.clone({ headers: request.headers.set(HEADERS.xAuthToken, credential ?? '') });
}
