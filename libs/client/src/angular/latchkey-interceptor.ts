import { HttpBackend, HttpErrorResponse, type HttpInterceptorFn, HttpXhrBackend } from '@angular/common/http';
import { DOCUMENT, inject, untracked } from '@angular/core';
import { catchError, from, switchMap, throwError } from 'rxjs';
import { LatchkeySession, WITHOUT_TOKEN } from './latchkey-session.js';

/**
 * Attaches the token to requests to Latchkey and to `apiOrigins`, unless a request has credentials of its
 * own. By default, these requests follow no redirects, because a redirect would send the token to another
 * server. Requires `withFetch()` for requests to other origins than that of the page, because
 * `XMLHttpRequest` always follows redirects.
 *
 * When the server rejects the token, or requires a fresh proof of who the user is, the interceptor renews or
 * freshens the session and repeats the request, so that no input is lost.
 */
export const latchkeyInterceptor: HttpInterceptorFn = (request, next) => {
  const session = inject(LatchkeySession);
  const { baseURI, location } = inject(DOCUMENT);
  if (!URL.canParse(request.url, baseURI)) {
    return next(request);
  }
  const { origin } = new URL(request.url, baseURI);
  const isAnonymous =
    request.context.get(WITHOUT_TOKEN) ||
    request.headers.has('Authorization') ||
    request.headers.has('X-Auth-Token');
  const sent = isAnonymous ? null : session.credential;
  if (!session.origins.has(origin) || (sent === null && origin !== session.origin)) {
    return next(request);
  }
  const redirect = request.redirect || 'error';
  if (redirect !== 'follow' && origin !== location.origin && inject(HttpBackend) instanceof HttpXhrBackend) {
    return throwError(
      () =>
        new Error(
          'XMLHttpRequest would send the token to other servers. Add withFetch() to provideHttpClient().',
        ),
    );
  }

  const send = (credential: string | null) =>
    next(
      request.clone({
        redirect,
        setHeaders: {
          ...(credential !== null && { 'X-Auth-Token': credential }),
          // Without it, the challenge of a 401 opens the browser's own sign-in dialog.
          ...(origin === location.origin && { 'X-Requested-With': 'XMLHttpRequest' }),
        },
      }),
    );
  const userId = () => untracked(session.user)?.id;
  const sender = userId();
  const { proofs } = session;
  // Another request may have renewed or freshened the session in the meantime.
  const renew = async () => {
    if (session.credential === sent) {
      await session.renew();
    }
    return session.credential !== sent;
  };
  const freshen = async (reason: 'step-up' | 'enrolment') => {
    if (session.proofs === proofs) {
      await session.freshen(reason);
    }
    return session.proofs !== proofs;
  };
  const recover = (error: unknown): Promise<boolean> => {
    if (sent !== null && error instanceof HttpErrorResponse) {
      if (error.status === 401) {
        return renew();
      }
      const code = error.status === 403 ? codeOf(error) : null;
      if (code === 'step_up_required' || code === 'enrolment_required') {
        return freshen(code === 'step_up_required' ? 'step-up' : 'enrolment');
      }
    }
    return Promise.resolve(false);
  };
  return send(sent).pipe(
    catchError((error: unknown) =>
      from(recover(error)).pipe(
        switchMap((hasRecovered) =>
          hasRecovered && userId() === sender ? send(session.credential) : throwError(() => error),
        ),
      ),
    ),
  );
};

/** Returns the error code of the API, if the body is JSON. */
function codeOf({ error }: HttpErrorResponse): unknown {
  return (error as { code?: unknown } | null)?.code;
}
