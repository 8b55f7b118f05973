import type { Routes } from '@angular/router';
import { allows } from '../core/guards';
import type { PageName } from '../core/page-title';
import { explainsMissing } from '../shared/ui/not-found';
import { SettingsPage } from './settings-page';

/** The pages of the settings. Those of event targets are loaded together. */
export const SETTING_ROUTES: Routes = [
  {
    path: '',
    pathMatch: 'full',
    title: 'settings' satisfies PageName,
    canMatch: [allows('settings:read')],
    component: SettingsPage,
  },
  {
    path: 'events',
    canMatch: [allows('events:read')],
    loadChildren: () => import('./events/event-routes').then((file) => file.EVENT_ROUTES),
  },
  explainsMissing('events', 'events:read'),
  { ...explainsMissing('', 'settings:read'), pathMatch: 'full' },
];
