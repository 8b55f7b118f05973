import type { Routes } from '@angular/router';
import type { PageName } from '../core/page-title';
import { leaveGuard } from '../shared/leave-guard';
import { NewToken } from './new/new-token';
import { TokenPage } from './page/token-page';
import { TokenRequests } from './requests/token-requests';
import { TokenTemplates } from './requests/token-templates';
import { RotateToken } from './rotate/rotate-token';

// The dialog is loaded with the pages, because each alone would need most of the same chunks.
export { ExtendTokens } from './extend-tokens';

/** The pages of tokens except their list. */
export const TOKEN_ROUTES: Routes = [
  { path: 'new', title: 'newToken' satisfies PageName, canDeactivate: [leaveGuard], component: NewToken },
  {
    path: 'requests',
    title: 'tokenRequests' satisfies PageName,
    canDeactivate: [leaveGuard],
    component: TokenRequests,
  },
  { path: 'templates', title: 'tokenTemplates' satisfies PageName, component: TokenTemplates },
  { path: ':id', title: 'token' satisfies PageName, component: TokenPage },
  {
    path: ':id/rotate',
    title: 'rotateToken' satisfies PageName,
    canDeactivate: [leaveGuard],
    component: RotateToken,
  },
];
