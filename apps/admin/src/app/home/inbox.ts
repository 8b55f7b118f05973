import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, output, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { EventTargetDto, OfferDto, PageDto, UserDto } from '@latchkey/auth-models';
import { forkJoin, of } from 'rxjs';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { KeepFocus } from '../shared/keep-focus';
import { loaded } from '../shared/loaded';
import { onReturn } from '../shared/on-return';
import { Icon } from '../shared/ui/icon';
import { EmptyState, LoadState } from '../shared/ui/states';
import { HiddenTokens, type HiddenPage } from './hidden-tokens';
import { InboxActions } from './inbox-actions';
import { InboxCard } from './inbox-card';
import { HIDDEN_FILTERS, INBOX_GROUPS, tokensOf, type InboxFilter, type Urgency } from './inbox-groups';
import { InboxNotice } from './inbox-notice';

/** Tokens shown of each group. */
const ROWS = 5;
/** Hidden tokens shown of each filter. */
const HIDDEN_ROWS = 50;

/** List of token requests, and of tokens grouped by reason, in order of urgency. */
@Component({
  selector: 'app-inbox',
  imports: [EmptyState, HiddenTokens, Icon, InboxCard, InboxNotice, KeepFocus, LoadState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'stack' },
  template: `
    <h2 class="section-title">{{ t().home.inbox }}</h2>
    @if (!isReady()) {
      <app-load-state class="surface" [of]="pages" />
    } @else {
      <div class="stack" appKeepFocus>
        @if (copied() > 0) {
          <app-inbox-notice
            icon="alert"
            link="/users"
            [heading]="t().home.copiedPasskeys(copied())"
            [action]="t().home.showUsers"
            [query]="copiedFilter"
          />
        }
        @for (item of groups().now; track item.group.name) {
          <app-inbox-card [group]="item.group" [page]="item.page" />
        }
        @if (failing(); as notice) {
          <app-inbox-notice
            icon="alert"
            [link]="notice.link"
            [heading]="notice.heading"
            [action]="notice.action"
            [query]="notice.query"
          />
        }
        @if (pending() > 0) {
          <app-inbox-notice
            icon="key"
            link="/tokens/offers"
            [heading]="t().offers.waiting(pending())"
            [action]="t().offers.waitingText"
            [query]="{ state: 'requested' }"
          />
        }
        @if (unprotected() > 0) {
          <app-inbox-notice
            icon="shield"
            link="/users"
            [heading]="t().home.unprotected(unprotected())"
            [action]="t().home.showUsers"
            [query]="unprotectedFilter"
          />
        }
        @for (item of groups().soon; track item.group.name) {
          <app-inbox-card [group]="item.group" [page]="item.page" />
        }
        @if (groups().later.length > 0) {
          <details class="surface" [open]="isTidyUpOpen()">
            <summary (click)="toggleTidyUp($event)">
              <app-icon name="chevronRight" />
              <span class="card-title">{{ t().home.tidyUp(suggestions()) }}</span>
              <span class="second-line ellipsis">{{ reasons() }}</span>
            </summary>
            @if (isTidyUpOpen()) {
              @for (item of groups().later; track item.group.name) {
                <app-inbox-card [group]="item.group" [page]="item.page" />
              }
            }
          </details>
        } @else if (!hasUrgent() && unprotected() === 0) {
          <div class="surface">
            <app-empty-state icon="check" [heading]="t().home.empty.heading">
              <p>{{ t().home.empty.text }}</p>
            </app-empty-state>
          </div>
        }
        @if (hidden().length > 0) {
          <app-hidden-tokens [pages]="hidden()" />
        }
      </div>
    }
  `,
  styles: `
    summary {
      display: grid;
      grid-template-columns: auto auto minmax(0, 1fr);
      align-items: center;
      gap: 0 var(--space-3);
      padding: var(--space-3) var(--space-5);
      cursor: pointer;
      list-style: none;
    }
    summary::-webkit-details-marker {
      display: none;
    }
    summary:hover {
      background: var(--mat-sys-surface-container-high);
    }
    summary:focus-visible {
      outline-offset: -2px;
    }
    [open] > summary app-icon {
      transform: rotate(90deg);
    }
    @media (width < 37.5em) {
      summary {
        grid-template-columns: auto minmax(0, 1fr);
        padding-inline: var(--space-4);
      }
      .second-line {
        grid-column: 2;
      }
    }
  `,
})
export class Inbox {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);
  /**
   * Whether the inbox has the tokens of all users. Owners always see their own tokens, whatever
   * administrators hide.
   */
  private readonly isForAll = this.session.can('tokens:read');
  private readonly inboxGroups = INBOX_GROUPS.map((group) => ({
    ...group,
    filter: { ...group.filter, ...(this.isForAll && { acknowledged: 'false' }) },
  }));

  readonly changed = output();

  protected readonly t = injectTexts();
  protected readonly pages = loaded(
    () => 'inbox',
    () =>
      forkJoin({
        shown: forkJoin(this.inboxGroups.map(({ filter, sort }) => tokensOf(this.http, filter, sort, ROWS))),
        hidden: this.isForAll
          ? forkJoin(
              HIDDEN_FILTERS.map((filter) => tokensOf(this.http, filter, '-creationTime', HIDDEN_ROWS)),
            )
          : of([]),
      }),
  );
  /** Pending token requests, if the user can decide about them. */
  private readonly requests = loaded(
    () => (this.isForAll && this.session.can('tokens:write') ? 'requests' : null),
    () => this.http.get<PageDto<OfferDto>>('/offers', { params: { state: 'requested', size: 1 } }),
  );
  /** Administrators without a second factor, if the user can see them. */
  protected readonly unprotectedFilter = { role: 'admin', enabled: 'true', secondFactor: 'false' };
  private readonly administrators = this.usersWith(this.unprotectedFilter);
  protected readonly unprotected = computed(() => this.administrators.value()?.total ?? 0);
  /** Users with a passkey that someone may have copied. */
  protected readonly copiedFilter = { copiedPasskey: 'true' };
  private readonly ofCopied = this.usersWith(this.copiedFilter);
  protected readonly copied = computed(() => this.ofCopied.value()?.total ?? 0);
  /** Event targets that the server disabled, or that have failed for a day, if the user can see them. */
  private readonly targets = loaded(
    () => (this.session.can('events:read') ? 'targets' : null),
    () => this.http.get<PageDto<EventTargetDto>>('/event-targets', { params: { failing: true, size: 1 } }),
  );
  /** Notice of these targets, with a link to the page of a single one; `null` if there are none. */
  protected readonly failing = computed(() => {
    const { items: [first] = [], total = 0 } = this.targets.value() ?? {};
    const { failingTarget, failingTargets, showTarget, showTargets } = this.t().home;
    if (first === undefined) {
      return null;
    }
    return total === 1
      ? {
          heading: failingTarget(first.name),
          action: showTarget,
          link: `/settings/events/${first.name}`,
          query: {},
        }
      : {
          heading: failingTargets(total),
          action: showTargets,
          link: '/settings/events',
          query: { failing: 'true' },
        };
  });
  protected readonly pending = computed(() => this.requests.value()?.total ?? 0);
  /** Whether everything is loaded. Notices that load later would push the tokens down. */
  protected readonly isReady = computed(
    () =>
      this.pages.value() !== undefined &&
      [this.requests, this.administrators, this.ofCopied, this.targets].every(
        (notice) => notice.value() !== undefined || !notice.isLoading(),
      ),
  );
  /** Whether the height is final, so that content below does not move. */
  readonly isSettled = computed(() => this.isReady() || this.pages.problem() !== null);
  /** Why the tokens could not be reloaded. */
  readonly staleProblem = computed(() => (this.pages.value() === undefined ? null : this.pages.problem()));
  /** Groups that have tokens, by urgency. */
  protected readonly groups = computed(() => {
    const { shown } = this.pages.value() ?? { shown: [] };
    const filled = this.inboxGroups.flatMap((group, index) => {
      const page = shown[index];
      return page !== undefined && page.total > 0 ? [{ group, page }] : [];
    });
    const of = (urgency: Urgency) => filled.filter(({ group }) => group.urgency === urgency);
    return { now: of('now'), soon: of('soon'), later: of('later') };
  });
  protected readonly hasUrgent = computed(
    () =>
      this.failing() !== null ||
      this.copied() + this.pending() + this.groups().now.length + this.groups().soon.length > 0,
  );
  protected readonly suggestions = computed(() =>
    this.groups().later.reduce((sum, { page }) => sum + page.total, 0),
  );
  protected readonly reasons = computed(() =>
    this.groups()
      .later.map(({ group }) => this.t().home.groups[group.name].heading)
      .join(' · '),
  );
  /** Whether the user opened or closed the groups that are not urgent; `null` if neither. */
  private readonly isToggledOpen = signal<boolean | null>(null);
  protected readonly isTidyUpOpen = computed(() => this.isToggledOpen() ?? !this.hasUrgent());
  /** Tokens that administrators have hidden, without empty pages. */
  protected readonly hidden = computed((): HiddenPage[] =>
    (this.pages.value()?.hidden ?? [])
      .map((page, index) => ({ page, filter: HIDDEN_FILTERS[index] ?? {} }))
      .filter(({ page }) => page.total > 0),
  );

  constructor() {
    inject(InboxActions)
      .changed.pipe(takeUntilDestroyed())
      .subscribe(() => this.refresh());
    // Another tab, or another administrator, may have decided about requests or fixed targets.
    onReturn(() => {
      this.requests.reload();
      this.targets.reload();
    });
  }

  /** Returns the number of users that match a filter, if the user can see them. */
  private usersWith(filter: InboxFilter) {
    return loaded(
      () => (this.session.can('users:read') ? 'users' : null),
      () => this.http.get<PageDto<UserDto>>('/users', { params: { ...filter, size: 1 } }),
    );
  }

  /** Reloads the tokens and the statistics. */
  refresh(): void {
    this.pages.reload();
    this.changed.emit();
  }

  /** Opens or closes the groups that are not urgent. The rows are only created when they are opened. */
  protected toggleTidyUp(event: Event): void {
    event.preventDefault();
    this.isToggledOpen.set(!this.isTidyUpOpen());
  }
}
