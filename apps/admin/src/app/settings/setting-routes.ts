import type { Routes } from '@angular/router';
import type { PageName } from '../core/page-title';

/** The page of settings. */
export const SETTING_ROUTES: Routes = [
  {
    path: '',
    title: 'settings' satisfies PageName,
    loadComponent: () => import('./settings-page').then((file) => file.SettingsPage),
  },
];
