import type { Routes } from '@angular/router';
import type { PageName } from '../core/page-title';
import { leaveGuard } from '../shared/leave-guard';

/** The pages of users. */
export const USER_ROUTES: Routes = [
  {
    path: '',
    title: 'users' satisfies PageName,
    loadComponent: () => import('./user-list').then((file) => file.UserList),
  },
  {
    path: ':name',
    title: 'user' satisfies PageName,
    canDeactivate: [leaveGuard],
    // Changing the tab asks about unsaved changes, too.
    runGuardsAndResolvers: 'paramsOrQueryParamsChange',
    loadComponent: () => import('./page/user-page').then((file) => file.UserPage),
  },
];
