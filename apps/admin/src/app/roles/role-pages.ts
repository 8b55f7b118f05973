import type { Routes } from '@angular/router';
import { allows } from '../core/guards';
import type { PageName } from '../core/page-title';
import { explainsMissing } from '../shared/ui/not-found';
import { NewRole } from './new-role';
import { RoleList } from './role-list';
import { RolePage } from './role-page';

/** The pages of roles. */
export const ROLE_ROUTES: Routes = [
  { path: '', title: 'roles' satisfies PageName, component: RoleList },
  {
    // Cannot clash with a role, because names of roles start with a letter.
    path: '_new',
    title: 'newRole' satisfies PageName,
    canMatch: [allows('roles:write')],
    component: NewRole,
  },
  explainsMissing('_new', 'roles:write'),
  { path: ':name', title: 'role' satisfies PageName, component: RolePage },
];
