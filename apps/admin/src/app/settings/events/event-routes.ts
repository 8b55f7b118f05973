import type { Routes } from '@angular/router';
import { allows } from '../../core/guards';
import type { PageName } from '../../core/page-title';
import { explainsMissing } from '../../shared/ui/not-found';
import { EditEventTarget } from './edit-event-target';
import { EventTargetList } from './event-target-list';
import { EventTargetPage } from './event-target-page';

/** The pages of event targets. */
export const EVENT_ROUTES: Routes = [
  { path: '', title: 'events' satisfies PageName, component: EventTargetList },
  {
    // Cannot clash with a target, because their names start with a letter.
    path: '_new',
    title: 'newEventTarget' satisfies PageName,
    canMatch: [allows('events:write')],
    component: EditEventTarget,
  },
  {
    path: ':name/edit',
    title: 'eventTarget' satisfies PageName,
    canMatch: [allows('events:write')],
    component: EditEventTarget,
  },
  explainsMissing('_new', 'events:write'),
  explainsMissing(':name/edit', 'events:write'),
  { path: ':name', title: 'eventTarget' satisfies PageName, component: EventTargetPage },
];
