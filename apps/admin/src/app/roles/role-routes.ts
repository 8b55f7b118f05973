import type { Routes } from '@angular/router';
import { allows } from '../core/guards';
import type { PageName } from '../core/page-title';
import { leaveGuard } from '../shared/leave-guard';

/** Pages of roles. */
export const ROLE_ROUTES: Routes = [
  {
    path: '',
    title: 'roles' satisfies PageName,
    loadComponent: () => import('./role-list').then((file) => file.RoleList),
  },
  {
    // Cannot clash with a role, because names of roles start with a letter.
    path: '_new',
    title: 'newRole' satisfies PageName,
    canMatch: [allows('roles:write')],
    canDeactivate: [leaveGuard],
    loadComponent: () => import('./new-role').then((file) => file.NewRole),
  },
  {
    path: ':name',
    title: 'role' satisfies PageName,
    canDeactivate: [leaveGuard],
    loadComponent: () => import('./role-page').then((file) => file.RolePage),
  },
];
