import type { Routes } from '@angular/router';
import type { PageName } from '../core/page-title';
import { leaveGuard } from '../shared/leave-guard';

/** The pages of tokens. */
export const TOKEN_ROUTES: Routes = [
  {
    path: '',
    title: 'tokens' satisfies PageName,
    loadComponent: () => import('./token-list').then((file) => file.TokenList),
  },
  {
    path: 'new',
    title: 'newToken' satisfies PageName,
    canDeactivate: [leaveGuard],
    loadComponent: () => import('./new/new-token').then((file) => file.NewToken),
  },
  {
    path: ':id',
    title: 'token' satisfies PageName,
    loadComponent: () => import('./page/token-page').then((file) => file.TokenPage),
  },
  {
    path: ':id/rotate',
    title: 'rotateToken' satisfies PageName,
    canDeactivate: [leaveGuard],
    loadComponent: () => import('./rotate/rotate-token').then((file) => file.RotateToken),
  },
];
