import type { Routes } from '@angular/router';
import { allows, signedIn, signedOut } from './core/guards';
import { withLaterTexts } from './core/language';
import type { PageName } from './core/page-title';

/** The pages of the console; each feature is a bundle of its own. */
export const routes: Routes = [
  {
    path: 'sign-in',
    title: 'signIn' satisfies PageName,
    canActivate: [signedOut],
    loadComponent: () => import('./sign-in/sign-in').then((file) => file.SignIn),
  },
  {
    path: 'set-up',
    title: 'setUp' satisfies PageName,
    loadComponent: () => import('./set-up/set-up').then((file) => file.SetUp),
  },
  {
    path: '',
    canActivate: [signedIn],
    loadComponent: () => import('./shell/shell').then((file) => file.Shell),
    children: [
      {
        path: '',
        pathMatch: 'full',
        title: 'home' satisfies PageName,
        loadComponent: () => withLaterTexts(import('./home/home').then((file) => file.Home)),
      },
      {
        path: 'users',
        canMatch: [allows('users:read')],
        loadChildren: () => import('./users/user-routes').then((file) => file.USER_ROUTES),
      },
      {
        path: 'tokens',
        loadChildren: () => import('./tokens/token-routes').then((file) => file.TOKEN_ROUTES),
      },
      {
        path: 'audit',
        canMatch: [allows('audit:read')],
        loadChildren: () => withLaterTexts(import('./audit/audit-routes').then((file) => file.AUDIT_ROUTES)),
      },
      {
        path: 'roles',
        canMatch: [allows('roles:read')],
        loadChildren: () => withLaterTexts(import('./roles/role-routes').then((file) => file.ROLE_ROUTES)),
      },
      {
        path: 'settings',
        canMatch: [allows('settings:read')],
        loadChildren: () =>
          withLaterTexts(import('./settings/setting-routes').then((file) => file.SETTING_ROUTES)),
      },
      {
        path: 'account',
        loadChildren: () =>
          withLaterTexts(import('./account/account-routes').then((file) => file.ACCOUNT_ROUTES)),
      },
      {
        path: '**',
        title: 'notFound' satisfies PageName,
        loadComponent: () => import('./shell/not-found').then((file) => file.NotFound),
      },
    ],
  },
];
