import type { Routes } from '@angular/router';
import { allows, signedIn, signedOut } from './core/guards';
import { withFeatureTexts } from './core/language';
import type { PageName } from './core/page-title';
import { leaveGuard } from './shared/leave-guard';

/** Pages of the console. Each feature is loaded on demand. */
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
        loadComponent: () => withFeatureTexts(import('./home/home').then((file) => file.Home)),
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
        title: 'audit' satisfies PageName,
        canMatch: [allows('audit:read')],
        loadComponent: () => withFeatureTexts(import('./audit/audit-list').then((file) => file.AuditList)),
      },
      {
        path: 'roles',
        canMatch: [allows('roles:read')],
        children: [
          {
            path: '',
            title: 'roles' satisfies PageName,
            loadComponent: () => withFeatureTexts(import('./roles/role-list').then((file) => file.RoleList)),
          },
          {
            // Cannot clash with a role, because names of roles start with a letter.
            path: '_new',
            title: 'newRole' satisfies PageName,
            canMatch: [allows('roles:write')],
            canDeactivate: [leaveGuard],
            loadComponent: () => withFeatureTexts(import('./roles/new-role').then((file) => file.NewRole)),
          },
          {
            path: ':name',
            title: 'role' satisfies PageName,
            canDeactivate: [leaveGuard],
            loadComponent: () => withFeatureTexts(import('./roles/role-page').then((file) => file.RolePage)),
          },
        ],
      },
      {
        path: 'settings',
        title: 'settings' satisfies PageName,
        canMatch: [allows('settings:read')],
        loadComponent: () =>
          withFeatureTexts(import('./settings/settings-page').then((file) => file.SettingsPage)),
      },
      {
        path: 'account',
        title: 'account' satisfies PageName,
        loadComponent: () => withFeatureTexts(import('./account/account').then((file) => file.Account)),
      },
      {
        path: '**',
        title: 'notFound' satisfies PageName,
        loadComponent: () => import('./shell/not-found').then((file) => file.NotFound),
      },
    ],
  },
];
