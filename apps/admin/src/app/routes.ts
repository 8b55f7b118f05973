import { inject } from '@angular/core';
import { type CanActivateFn, type Routes, Router } from '@angular/router';
import { allows, signedIn, signedOut } from './core/guards';
import { MESSAGES } from './core/messages';
import { Session } from './core/session';

/** Leads to the first page that the person may see. */
const toFirstPage: CanActivateFn = () =>
  inject(Router).parseUrl(inject(Session).can('users:read') ? '/users' : '/tokens');

/** The pages of the console; each feature is a bundle of its own. */
export const routes: Routes = [
  {
    path: 'sign-in',
    title: MESSAGES.pages.signIn,
    canActivate: [signedOut],
    loadComponent: () => import('./sign-in/sign-in').then((file) => file.SignIn),
  },
  {
    path: 'set-up',
    title: MESSAGES.pages.setUp,
    loadComponent: () => import('./set-up/set-up').then((file) => file.SetUp),
  },
  {
    path: '',
    canActivate: [signedIn],
    loadComponent: () => import('./shell/shell').then((file) => file.Shell),
    children: [
      { path: '', pathMatch: 'full', canActivate: [toFirstPage], children: [] },
      {
        path: 'users',
        title: MESSAGES.pages.users,
        canMatch: [allows('users:read')],
        loadComponent: () => import('./users/user-list').then((file) => file.UserList),
      },
      {
        path: 'tokens',
        title: MESSAGES.pages.tokens,
        loadComponent: () => import('./tokens/token-list').then((file) => file.TokenList),
      },
      {
        path: '**',
        title: MESSAGES.pages.notFound,
        loadComponent: () => import('./shell/not-found').then((file) => file.NotFound),
      },
    ],
  },
];
