import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { EventTargetDto } from '@latchkey/auth-models';
import { EVENT_TARGET_SORT_FIELDS } from '@latchkey/auth-models/lists';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { List, type RowIdentity } from '../../shared/list/list';
import { ListColumn } from '../../shared/list/list-column';
import { listState } from '../../shared/list/list-state';
import { pagedList } from '../../shared/list/paged-list';
import { Time } from '../../shared/time/time';
import { Icon } from '../../shared/ui/icon';
import { BackLink, PageHeader } from '../../shared/ui/page';
import { EmptyState } from '../../shared/ui/states';
import { EventsApi } from './events-api';
import { filtersOf, methodOf, shortDestinationOf, typesInWords } from './target-facts';
import { TargetState } from './target-state';

/** Page with all event targets. */
@Component({
  selector: 'app-event-target-list',
  imports: [
    BackLink,
    EmptyState,
    Icon,
    List,
    ListColumn,
    MatButton,
    PageHeader,
    RouterLink,
    TargetState,
    Time,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (canSeeSettings) {
      <app-back-link to="/settings">{{ t().pages.settings }}</app-back-link>
    }
    <app-page-header [heading]="t().featurePages.events" [lead]="t().events.lead">
      @if (canWrite) {
        <a matButton="filled" routerLink="/settings/events/_new">
          <app-icon matButtonIcon name="plus" />{{ t().featurePages.newEventTarget }}
        </a>
      }
    </app-page-header>

    <app-list
      name="event-targets"
      path="/event-targets"
      [list]="list"
      [state]="state"
      [label]="t().featurePages.events"
      [searchLabel]="t().events.search"
      [filters]="filters()"
      [headings]="t().events.columns"
      [sorts]="t().events.sorts"
      [countOf]="t().events.count"
      [rowOf]="rowOf"
    >
      <ng-template appColumn="name" [width]="220" sortable let-target [of]="list">
        <strong>{{ target.name }}</strong>
        @for (filter of filtersOf(target); track filter) {
          <bdi class="second-line ellipsis">{{ filter }}</bdi>
        }
      </ng-template>
      <ng-template appColumn="destination" [width]="260" [priority]="1" let-target [of]="list">
        <bdi class="destination">{{ destinationOf(target) }}</bdi>
        <span class="second-line">{{ methodOf(target) }}</span>
      </ng-template>
      <ng-template appColumn="types" [width]="200" [priority]="2" let-target [of]="list">
        {{ typesOf(target) }}
      </ng-template>
      <ng-template appColumn="state" [width]="190" place="head" let-target [of]="list">
        <app-target-state [target]="target" />
      </ng-template>
      <ng-template
        appColumn="creationTime"
        [width]="140"
        [priority]="3"
        sortable
        place="none"
        let-target
        [of]="list"
      >
        <app-time [instant]="target.creationTime" />
      </ng-template>

      <app-empty-state listEmpty icon="alert" [heading]="t().events.empty.heading">
        <p>{{ canWrite ? t().events.empty.text : t().events.empty.textReadOnly }}</p>
        @if (canWrite) {
          <a matButton="tonal" routerLink="/settings/events/_new">{{ t().featurePages.newEventTarget }}</a>
        }
      </app-empty-state>
    </app-list>
  `,
  styles: `
    .destination {
      overflow-wrap: anywhere;
    }
  `,
})
export class EventTargetList {
  private readonly api = inject(EventsApi);
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly state = listState({
    sortFields: EVENT_TARGET_SORT_FIELDS,
    defaultSort: 'name',
    filters: { failing: ['true'] },
  });
  protected readonly list = pagedList(this.state, (query) => this.api.list(query));
  protected readonly filters = computed(() => {
    const { failingFilter, failingOnly } = this.t().events;
    return [{ name: 'failing', label: failingFilter, options: [{ value: 'true', label: failingOnly }] }];
  });
  protected readonly canWrite = this.session.can('events:write');
  protected readonly canSeeSettings = this.session.can('settings:read');
  protected readonly rowOf = ({ name }: EventTargetDto): RowIdentity => ({
    id: name,
    name,
    link: ['/settings/events', name],
  });
  protected readonly destinationOf = (target: EventTargetDto): string => shortDestinationOf(target, this.t());
  protected readonly filtersOf = (target: EventTargetDto): string[] => filtersOf(target, this.t());
  protected readonly methodOf = (target: EventTargetDto): string => methodOf(target, this.t());
  protected readonly typesOf = ({ types }: EventTargetDto): string => typesInWords(types, this.t());
}
