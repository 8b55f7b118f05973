import { APP_BASE_HREF } from '@angular/common';
import { provideHttpClient, withFetch, withInterceptors, withNoXsrfProtection } from '@angular/common/http';
import {
  type ApplicationConfig,
  inject,
  provideAppInitializer,
  provideEnvironmentInitializer,
} from '@angular/core';
import {
  provideRouter,
  TitleStrategy,
  withComponentInputBinding,
  withInMemoryScrolling,
  withNavigationErrorHandler,
  withPreloading,
} from '@angular/router';
import { apiHeaders } from './core/api-headers';
import { IdlePreloading } from './core/idle-preloading';
import { Language } from './core/language';
import { PageTitle } from './core/page-title';
import { Session } from './core/session';
import { sessionRenewal } from './core/session-renewal';
import { SessionKeeper } from './core/session-keeper';
import { loadAnew } from './core/stale-page';
import { Theme } from './core/theme';
import { routes } from './routes';

/** What the whole console is built from. */
export const appConfig: ApplicationConfig = {
  providers: [
    // The server's policy forbids the base element, so the address is told here.
    { provide: APP_BASE_HREF, useValue: '/admin/' },
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'top' }),
      withNavigationErrorHandler(loadAnew),
      // While nothing else happens, so that the first visit to a page waits for its rows only.
      withPreloading(IdlePreloading),
    ),
    // Nothing reads the session cookie but GET /auth/session, so there is no token to guard requests with.
    provideHttpClient(withFetch(), withNoXsrfProtection(), withInterceptors([apiHeaders, sessionRenewal])),
    { provide: TitleStrategy, useClass: PageTitle },
    provideAppInitializer(() => inject(Language).start()),
    provideEnvironmentInitializer(() => {
      inject(Theme);
      inject(SessionKeeper);
      void inject(Session).restore();
    }),
  ],
};
