import {
  type EnvironmentProviders,
  inject,
  makeEnvironmentProviders,
  provideEnvironmentInitializer,
} from '@angular/core';
import { LATCHKEY_OPTIONS, type LatchkeyOptions } from './latchkey-options.js';
import { LatchkeySession } from './latchkey-session.js';

/**
 * Provides {@link LatchkeySession}, and restores the session. Requires `provideHttpClient` with
 * {@link latchkeyInterceptor}, and with `withFetch()` if Latchkey or one of your APIs has another origin than
 * the page.
 */
export function provideLatchkey(options: LatchkeyOptions = {}): EnvironmentProviders {
  return makeEnvironmentProviders([
    { provide: LATCHKEY_OPTIONS, useValue: options },
    { provide: LatchkeySession, useFactory: () => new LatchkeySession() },
    provideEnvironmentInitializer(() => void inject(LatchkeySession).restore()),
  ]);
}
