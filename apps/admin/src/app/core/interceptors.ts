import {
  HttpErrorResponse,
  type HttpEvent,
  type HttpInterceptorFn,
  type HttpRequest,
} from '@angular/common/http';
import { inject } from '@angular/core';
import { HEADERS } from '@latchkey/auth-models';
import { catchError, from, type Observable, switchMap, throwError } from 'rxjs';
import { WITHOUT_RENEWAL, WITHOUT_TOKEN } from './request-context';
import { Session } from './session';

/**
 * Sends the session's token to our own server, and X-Requested-With to identify the console: with it, the server returns 401
 * without the challenge that opens the browser's own sign-in dialog.
 */
export const apiHeaders: HttpInterceptorFn = (request, next) => {
  const { credential } = inject(Session);
  const isOwnServer = request.url.startsWith('/') && !request.url.startsWith('//');
  const setHeaders: Record<string, string> = { [HEADERS.xRequestedWith]: 'XMLHttpRequest' };

  if (credential !== null && isOwnServer && !request.context.get(WITHOUT_TOKEN)) {
    setHeaders[HEADERS.xAuthToken] = credential;
  }
  return next(request.clone({ setHeaders }));
};

/** Renews the session when the server rejects its token, then repeats the request, so that no input is lost. */
export const sessionRenewal: HttpInterceptorFn = (request, next) => {
  const session = inject(Session);
  const sentToken = request.headers.get(HEADERS.xAuthToken);

  const repeat = (): Observable<HttpEvent<unknown>> => next(withToken(request, session.credential));
  return next(request).pipe(
    catchError((error: unknown) => {
      const isRejected = error instanceof HttpErrorResponse && error.status === 401;
      if (
        !isRejected ||
        sentToken === null ||
        request.context.get(WITHOUT_RENEWAL) ||
        !session.isSignedIn()
      ) {
        return throwError(() => error);
      }
      if (sentToken !== session.credential) {
        // Another request has renewed the session in the meantime.
        return repeat();
      }
      return from(session.renew()).pipe(
        switchMap((isRenewed) => (isRenewed ? repeat() : throwError(() => error))),
      );
    }),
  );
};

function withToken<T>(request: HttpRequest<T>, credential: string | null): HttpRequest<T> {
  return request.clone({ headers: request.headers.set(HEADERS.xAuthToken, credential ?? '') });
}
