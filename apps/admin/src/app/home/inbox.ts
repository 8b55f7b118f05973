import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { forkJoin, of } from 'rxjs';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { KeepFocus } from '../shared/keep-focus';
import { loaded } from '../shared/loaded';
import { EmptyState, LoadState } from '../shared/ui/states';
import { HiddenTokens, type HiddenPage } from './hidden-tokens';
import { InboxActions } from './inbox-actions';
import { InboxCard } from './inbox-card';
import { HIDDEN_FILTERS, INBOX_GROUPS, tokensOf } from './inbox-groups';

/** Tokens shown of each group. */
const ROWS = 5;
/** Hidden tokens shown of each filter. */
const HIDDEN_ROWS = 50;

/** Tokens that need attention, grouped by reason. */
@Component({
  selector: 'app-inbox',
  imports: [EmptyState, HiddenTokens, InboxCard, KeepFocus, LoadState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'stack' },
  template: `
    <h2 class="section-title">{{ t().home.inbox }}</h2>
    @if (pages.value() === undefined) {
      <app-load-state class="surface" [of]="pages" />
    } @else {
      <div class="stack" appKeepFocus>
        @for (item of groups(); track item.group.name) {
          <app-inbox-card [group]="item.group" [page]="item.page" />
        } @empty {
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
})
export class Inbox {
  private readonly http = inject(HttpClient);
  /**
   * Whether the inbox has the tokens of all users. Owners always see their own tokens, whatever
   * administrators hide.
   */
  private readonly isForAll = inject(Session).can('tokens:read');
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
  /** Whether the height is final, so that content below does not move. */
  readonly isSettled = computed(() => this.pages.value() !== undefined || this.pages.problem() !== null);
  /** Why the tokens could not be reloaded. */
  readonly staleProblem = computed(() => (this.pages.value() === undefined ? null : this.pages.problem()));
  protected readonly groups = computed(() =>
    (this.pages.value()?.shown ?? [])
      .flatMap((page, index) => {
        const group = this.inboxGroups[index];
        return group === undefined ? [] : [{ group, page }];
      })
      .filter(({ page }) => page.total > 0),
  );
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
  }

  /** Reloads the tokens and the statistics. */
  refresh(): void {
    this.pages.reload();
    this.changed.emit();
  }
}
