import type { HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { HEADERS } from '@latchkey/auth-models';
import { IS_ANONYMOUS } from './request-context';
import { Session } from './session';

/** Names the console as the caller, so that a 401 never opens the browser's own dialog, and sends the token. */
export const apiHeaders: HttpInterceptorFn = (request, next) => {
  const credential = inject(Session).credential;
  const isOwnServer = request.url.startsWith('/') && !request.url.startsWith('//');
  const setHeaders: Record<string, string> = { [HEADERS.xRequestedWith]: 'XMLHttpRequest' };

  if (credential !== null && isOwnServer && !request.context.get(IS_ANONYMOUS)) {
    setHeaders[HEADERS.xAuthToken] = credential;
  }
  return next(request.clone({ setHeaders }));
};
