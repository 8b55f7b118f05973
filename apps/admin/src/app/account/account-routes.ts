import type { Routes } from '@angular/router';
import type { PageName } from '../core/page-title';

/** The page of one's own account. */
export const ACCOUNT_ROUTES: Routes = [
  {
    path: '',
    title: 'account' satisfies PageName,
    loadComponent: () => import('./account').then((file) => file.Account),
  },
];
