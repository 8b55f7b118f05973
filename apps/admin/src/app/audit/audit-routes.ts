import type { Routes } from '@angular/router';
import type { PageName } from '../core/page-title';

/** The page of the audit trail. */
export const AUDIT_ROUTES: Routes = [
  {
    path: '',
    title: 'audit' satisfies PageName,
    loadComponent: () => import('./audit-list').then((file) => file.AuditList),
  },
];
