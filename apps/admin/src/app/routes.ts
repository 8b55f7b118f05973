import type { Routes } from '@angular/router';
import { allows, signedIn, signedOut } from './core/guards';
import { withFeatureTexts } from './core/language';
import type { PageName } from './core/page-title';
import { leaveGuard } from './shared/leave-guard';
import { explainsMissing, NotFound } from './shared/ui/not-found';

/** Each list is loaded on its own, and the other pages of a feature are loaded together. */
const pages: Routes = [
  {
    path: 'sign-in',
    title: 'signIn' satisfies PageName,
    canActivate: [signedOut],
    loadComponent: () => import('./sign-in/sign-in-pages').then((file) => file.SignIn),
  },
  {
    path: 'set-up',
    title: 'setUp' satisfies PageName,
    loadComponent: () => withFeatureTexts(import('./sign-in/sign-in-pages').then((file) => file.SetUp)),
  },
  {
    path: 'lost-password',
    title: 'lostPassword' satisfies PageName,
    loadComponent: () =>
      withFeatureTexts(import('./sign-in/lost-password').then((file) => file.LostPassword)),
  },
  {
    path: 'claim',
    title: 'claim' satisfies PageName,
    loadComponent: () => withFeatureTexts(import('./sign-in/claim').then((file) => file.Claim)),
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
        children: [
          {
            path: '',
            title: 'users' satisfies PageName,
            loadComponent: () => import('./users/user-list').then((file) => file.UserList),
          },
          {
            path: ':name',
            title: 'user' satisfies PageName,
            loadComponent: () => withFeatureTexts(import('./users/user-pages').then((file) => file.UserPage)),
          },
        ],
      },
      {
        path: 'tokens',
        children: [
          {
            path: '',
            pathMatch: 'full',
            title: 'tokens' satisfies PageName,
            loadComponent: () => import('./tokens/token-list').then((file) => file.TokenList),
          },
          {
            path: '',
            loadChildren: () =>
              withFeatureTexts(import('./tokens/token-pages').then((file) => file.TOKEN_ROUTES)),
          },
        ],
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
        loadChildren: () => withFeatureTexts(import('./roles/role-pages').then((file) => file.ROLE_ROUTES)),
      },
      {
        path: 'apis',
        canMatch: [allows('apis:read')],
        loadChildren: () => withFeatureTexts(import('./apis/api-pages').then((file) => file.API_ROUTES)),
      },
      {
        path: 'explanations',
        loadChildren: () =>
          withFeatureTexts(import('./rejections/rejection-pages').then((file) => file.REJECTION_ROUTES)),
      },
      {
        path: 'settings',
        loadChildren: () =>
          withFeatureTexts(
            import('./settings/setting-routes').then((file) => file.SETTING_ROUTES),
            'events',
          ),
      },
      {
        path: 'account',
        title: 'account' satisfies PageName,
        loadComponent: () => withFeatureTexts(import('./account/account').then((file) => file.Account)),
      },
      explainsMissing('users', 'users:read'),
      explainsMissing('audit', 'audit:read'),
      explainsMissing('roles', 'roles:read'),
      explainsMissing('apis', 'apis:read'),
      { path: '**', title: 'notFound' satisfies PageName, component: NotFound },
    ],
  },
];

/** Pages of the console. */
export const routes: Routes = [
  {
    path: '',
    canDeactivate: [leaveGuard],
    // Also ask when only the tab of a page or the page number of a list changes.
    runGuardsAndResolvers: 'always',
    children: pages,
  },
];
