import { HttpContext, HttpContextToken } from '@angular/common/http';

/** Whether a request carries no token, whoever is signed in. */
export const IS_ANONYMOUS = new HttpContextToken(() => false);

/** Whether a refusal of the token is final: nobody is asked to sign in again for it. */
export const IS_FINAL = new HttpContextToken(() => false);

/** Marks a request that carries no token, whoever is signed in: log-in, session and set-up. */
export function anonymously(): HttpContext {
  return new HttpContext().set(IS_ANONYMOUS, true);
}

/** Marks a request for which nobody is asked to sign in again: it is a part of signing in or out itself. */
export function withoutRenewal(): HttpContext {
  return new HttpContext().set(IS_FINAL, true);
}
