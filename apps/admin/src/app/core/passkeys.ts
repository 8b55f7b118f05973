import { type HttpClient, HttpErrorResponse } from '@angular/common/http';
import type {
  NewPasskeyCredentialDto,
  PasskeyCreationOptionsDto,
  PasskeyCredentialDto,
  PasskeyRequestOptionsDto,
} from '@latchkey/auth-models';
import { withoutToken } from '@latchkey/client/angular';
import { firstValueFrom } from 'rxjs';
import { problemOf, problemText } from './problem';
import type { Texts } from './texts/texts';

/** Whether the browser can use passkeys on this page: not over plain HTTP, and not at an IP address. */
export function supportsPasskeys(document: Document): boolean {
  const window = document.defaultView;
  const isName = !/^[\d.]+$|^\[/.test(document.location.hostname);
  return isName && window?.PublicKeyCredential?.parseRequestOptionsFromJSON !== undefined;
}

/** Asks the browser for a passkey, which then proves once who the user is. */
export async function requestPasskey(http: HttpClient): Promise<PasskeyCredentialDto> {
  const options = http.post<PasskeyRequestOptionsDto>('/auth/login/passkey/options', null, {
    context: withoutToken(),
  });
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await firstValueFrom(options));
  return toDto(await navigator.credentials.get({ publicKey }));
}

/** Asks the browser to create a passkey for the user. */
export async function createPasskey(http: HttpClient): Promise<NewPasskeyCredentialDto> {
  const options = http.post<PasskeyCreationOptionsDto>('/me/second-factors/passkeys/options', null);
  // The declarations of the browser have narrower types than the JSON.
  const json = (await firstValueFrom(options)) as PublicKeyCredentialCreationOptionsJSON;
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json);
  return toDto(await navigator.credentials.create({ publicKey }));
}

/** Returns the message for a failed use of a passkey. */
export function passkeyErrorText(error: unknown, texts: Texts): string {
  const { passkey } = texts.session;
  if (error instanceof DOMException) {
    return passkey.unused;
  }
  const status = error instanceof HttpErrorResponse ? error.status : 0;
  if (status === 401 || status === 403) {
    return passkey.rejected;
  }
  return status === 409 ? passkey.unavailable : problemText(problemOf(error), texts);
}

function toDto<T>(credential: Credential | null): T {
  return (credential as PublicKeyCredential).toJSON() as T;
}
