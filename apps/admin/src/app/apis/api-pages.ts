import type { Routes } from '@angular/router';
import { allows } from '../core/guards';
import type { PageName } from '../core/page-title';
import { explainsMissing } from '../shared/ui/not-found';
import { ApiList } from './api-list';
import { ApiPage } from './api-page';
import { NewApi } from './new-api';

/** The pages of APIs. */
export const API_ROUTES: Routes = [
  { path: '', title: 'apis' satisfies PageName, component: ApiList },
  {
    // Cannot clash with an API, because names of APIs start with a letter.
    path: '_new',
    title: 'newApi' satisfies PageName,
    canMatch: [allows('apis:write')],
    component: NewApi,
  },
  explainsMissing('_new', 'apis:write'),
  {
    path: ':name/protect',
    title: 'protectApi' satisfies PageName,
    loadComponent: () => import('./protect/protect-page').then((file) => file.ProtectPage),
  },
  { path: ':name', title: 'api' satisfies PageName, component: ApiPage },
];
