import type { HttpInterceptorFn } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';

/** Header fields contain ASCII only. The server rejects any other code as wrong. */
const NOT_ASCII = /[^ -~]/g;

/** Code of a second factor that the sign-in in progress sends. */
@Injectable({ providedIn: 'root' })
export class SignInCode {
  value = '';
}

/** Sends the code of a second factor with a sign-in. */
export const sendSignInCode: HttpInterceptorFn = (request, next) => {
  const { value } = inject(SignInCode);
  return next(
    value !== '' && request.url.endsWith('/auth/login')
      ? request.clone({ setHeaders: { 'X-Auth-OTP': value.replace(NOT_ASCII, '?') } })
      : request,
  );
};
