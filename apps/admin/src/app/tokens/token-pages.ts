import type { Routes } from '@angular/router';
import { allows } from '../core/guards';
import type { PageName } from '../core/page-title';
import { explainsMissing } from '../shared/ui/not-found';
import { EditTemplate } from './new/edit-template';
import { NewCanary } from './new/new-canary';
import { NewToken } from './new/new-token';
import { RequestToken } from './new/request-token';
import { Offers } from './offers/offers';
import { TokenPage } from './page/token-page';

// The dialog is loaded with the pages, because each alone would need most of the same chunks.
export { askForExpiry } from './extend-tokens';

/** The pages of tokens except their list. */
export const TOKEN_ROUTES: Routes = [
  { path: 'new', title: 'newToken' satisfies PageName, component: NewToken },
  { path: 'new/canary', title: 'newCanary' satisfies PageName, component: NewCanary },
  { path: 'new/request', title: 'requestToken' satisfies PageName, component: RequestToken },
  {
    path: 'new/template',
    title: 'newTemplate' satisfies PageName,
    canMatch: [allows('tokens:write')],
    component: EditTemplate,
  },
  explainsMissing('new/template', 'tokens:write'),
  {
    path: 'offers',
    title: 'offers' satisfies PageName,
    component: Offers,
  },
  { path: ':id', title: 'token' satisfies PageName, component: TokenPage },
];
