import { APP_BASE_HREF } from '@angular/common';
import { provideHttpClient, withFetch, withInterceptors, withNoXsrfProtection } from '@angular/common/http';
import {
  type ApplicationConfig,
  inject,
  provideAppInitializer,
  provideEnvironmentInitializer,
} from '@angular/core';
import { MAT_DIALOG_DEFAULT_OPTIONS, MatDialogConfig } from '@angular/material/dialog';
import {
  provideRouter,
  TitleStrategy,
  withComponentInputBinding,
  withInMemoryScrolling,
  withNavigationErrorHandler,
  withPreloading,
  withRouterConfig,
} from '@angular/router';
import { latchkeyInterceptor, provideLatchkey } from '@latchkey/client/angular';
import { IdlePreloading } from './core/idle-preloading';
import { Language } from './core/language';
import { PageTitle } from './core/page-title';
import { showSignIn } from './core/session';
import { reloadStalePage } from './core/stale-page';
import { Theme } from './core/theme';
import { routes } from './routes';
import { updateNow } from './shared/time/now';

export const appConfig: ApplicationConfig = {
  providers: [
    // The Content Security Policy forbids the base element.
    { provide: APP_BASE_HREF, useValue: '/admin/' },
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled' }),
      withNavigationErrorHandler(reloadStalePage),
      withPreloading(IdlePreloading),
      // If the user cancels Back to keep their input, restore the history, so that Back works again.
      withRouterConfig({ canceledNavigationResolution: 'computed' }),
    ),
    // Only GET /auth/session reads the session cookie, so requests need no protection against forgery.
    provideHttpClient(
      withFetch(),
      withNoXsrfProtection(),
      withInterceptors([latchkeyInterceptor, updateNow]),
    ),
    // The route guard closes dialogs after asking for confirmation.
    {
      provide: MAT_DIALOG_DEFAULT_OPTIONS,
      useValue: Object.assign(new MatDialogConfig(), { closeOnNavigation: false }),
    },
    { provide: TitleStrategy, useClass: PageTitle },
    provideAppInitializer(() => inject(Language).start()),
    provideEnvironmentInitializer(() => void inject(Theme)),
    provideLatchkey({ onSignOut: showSignIn }),
  ],
};
