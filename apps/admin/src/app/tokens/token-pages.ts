import type { Routes } from '@angular/router';
import type { PageName } from '../core/page-title';
import { NewToken } from './new/new-token';
import { Offers } from './offers/offers';
import { TokenPage } from './page/token-page';

// The dialog is loaded with the pages, because each alone would need most of the same chunks.
export { askForExpiry } from './extend-tokens';

/** The pages of tokens except their list. */
export const TOKEN_ROUTES: Routes = [
  { path: 'new', title: 'newToken' satisfies PageName, component: NewToken },
  {
    path: 'offers',
    title: 'offers' satisfies PageName,
    component: Offers,
  },
  { path: ':id', title: 'token' satisfies PageName, component: TokenPage },
];
