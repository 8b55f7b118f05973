import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { EventTargetDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { loaded } from '../../shared/loaded';
import { Icon } from '../../shared/ui/icon';
import { EmptyState, LoadState } from '../../shared/ui/states';
import { EventsApi } from './events-api';
import { methodOf, shortDestinationOf, typesInWords } from './target-facts';
import { TargetState } from './target-state';

/** Targets that the section shows. */
const SHOWN = 5;

/** Section of the settings with the first event targets. */
@Component({
  selector: 'app-event-section',
  imports: [EmptyState, Icon, LoadState, MatButton, RouterLink, TargetState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="head row between">
      <h2 id="events" class="section-title">{{ t().featurePages.events }}</h2>
      @if (canWrite && targets.value()?.total) {
        <a matButton routerLink="/settings/events/_new">
          <app-icon matButtonIcon name="plus" />{{ t().featurePages.newEventTarget }}
        </a>
      }
    </div>
    <div class="surface" role="region" aria-labelledby="events" [attr.aria-busy]="targets.isLoading()">
      @if (targets.problem() === null && targets.value(); as page) {
        @if (page.total === 0) {
          <app-empty-state icon="alert" [heading]="t().events.empty.heading">
            <p>{{ canWrite ? t().events.empty.text : t().events.empty.textReadOnly }}</p>
            @if (canWrite) {
              <a matButton="tonal" routerLink="/settings/events/_new">{{
                t().featurePages.newEventTarget
              }}</a>
            }
          </app-empty-state>
        } @else {
          <ul class="divided">
            @for (target of page.items; track target.name) {
              <li>
                <span class="name">
                  <a class="subtle-link" [routerLink]="['/settings/events', target.name]">{{
                    target.name
                  }}</a>
                  <span class="second-line">
                    <bdi>{{ destinationOf(target) }}</bdi> · {{ methodOf(target) }}
                  </span>
                </span>
                <span class="types">{{ typesOf(target) }}</span>
                <app-target-state [target]="target" />
              </li>
            }
          </ul>
          @if (page.total > page.items.length) {
            <a matButton class="all" routerLink="/settings/events">{{ t().events.showAll(page.total) }}</a>
          }
        }
      } @else {
        <app-load-state [of]="targets" />
      }
    </div>
  `,
  styles: `
    :host {
      display: block;
      margin-top: var(--space-8);
    }
    .head {
      margin-bottom: var(--space-3);
    }
    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 24%) minmax(0, 24%);
      align-items: center;
      gap: var(--space-1) var(--space-6);
      padding: var(--space-3) var(--space-5);
    }
    .name {
      display: grid;
      justify-items: start;
      min-width: 0;
      overflow-wrap: anywhere;
    }
    .name a {
      font-weight: 600;
    }
    app-target-state {
      justify-content: end;
    }
    .all {
      margin: var(--space-1) var(--space-2) var(--space-2);
    }
    @media (width < 53.75em) {
      li {
        display: flex;
        flex-wrap: wrap;
        padding-inline: var(--space-4);
      }
      .name {
        flex: 1 0 100%;
      }
      .types {
        flex: 1 0 auto;
      }
      app-target-state {
        justify-content: start;
      }
    }
  `,
})
export class EventSection {
  private readonly api = inject(EventsApi);

  protected readonly t = injectTexts();
  protected readonly canWrite = inject(Session).can('events:write');
  protected readonly targets = loaded(
    () => 'targets',
    () => this.api.first(SHOWN),
  );
  protected readonly destinationOf = (target: EventTargetDto): string => shortDestinationOf(target, this.t());
  protected readonly methodOf = (target: EventTargetDto): string => methodOf(target, this.t());
  protected readonly typesOf = ({ types }: EventTargetDto): string => typesInWords(types, this.t());
}
