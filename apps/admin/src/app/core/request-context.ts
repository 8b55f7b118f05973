import { HttpContext, HttpContextToken } from '@angular/common/http';

/** Whether to send a request without the session's token. */
export const WITHOUT_TOKEN = new HttpContextToken(() => false);

/** Whether to report a 401 to the caller instead of renewing the session. */
export const WITHOUT_RENEWAL = new HttpContextToken(() => false);

/** Context of requests that carry no token: login, session and set-up. */
export function withoutToken(): HttpContext {
  return new HttpContext().set(WITHOUT_TOKEN, true);
}

/** Context of requests that are themselves part of signing in or out. */
export function withoutRenewal(): HttpContext {
  return new HttpContext().set(WITHOUT_RENEWAL, true);
}
