import type { Routes } from '@angular/router';
import type { PageName } from '../core/page-title';

/** The pages of tokens. */
export const TOKEN_ROUTES: Routes = [
  {
    path: '',
    title: 'tokens' satisfies PageName,
    loadComponent: () => import('./token-list').then((file) => file.TokenList),
  },
];
