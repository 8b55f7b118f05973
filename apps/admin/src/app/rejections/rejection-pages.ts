import type { Routes } from '@angular/router';
import type { PageName } from '../core/page-title';
import { RejectionList } from './rejection-list';
import { RejectionPage } from './rejection-page';

/** The pages of rejected requests. */
export const REJECTION_ROUTES: Routes = [
  { path: '', title: 'rejections' satisfies PageName, component: RejectionList },
  { path: ':traceId', title: 'rejection' satisfies PageName, component: RejectionPage },
];
