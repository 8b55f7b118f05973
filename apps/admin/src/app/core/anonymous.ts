import { HttpContext, HttpContextToken } from '@angular/common/http';

/** Whether a request carries no token, whoever is signed in. */
export const IS_ANONYMOUS = new HttpContextToken(() => false);

/** Marks a request that carries no token, whoever is signed in: log-in, session and set-up. */
export function anonymously(): HttpContext {
  return new HttpContext().set(IS_ANONYMOUS, true);
}
