import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { forkJoin } from 'rxjs';
import { injectTexts } from '../core/language';
import { KeepFocus } from '../shared/keep-focus';
import { loaded } from '../shared/loaded';
import { EmptyState, ErrorState } from '../shared/ui/states';
import { HomeApi } from './home-api';
import { InboxCard } from './inbox-card';
import { INBOX_GROUPS } from './inbox-groups';

/** Tokens shown of each group. */
const ROWS = 5;

/** Tokens that need attention, grouped by reason. */
@Component({
  selector: 'app-inbox',
  imports: [EmptyState, ErrorState, InboxCard, KeepFocus],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'stack' },
  template: `
    <h2 class="section-title">{{ t().home.inbox }}</h2>
    @if (pages.value() === undefined) {
      <div class="surface">
        @if (pages.problem(); as problem) {
          <app-error-state [problem]="problem" (retry)="pages.reload()" />
        } @else {
          <div class="waiting"></div>
        }
      </div>
    } @else {
      <div class="stack" appKeepFocus>
        @for (item of groups(); track item.group.name) {
          <app-inbox-card [group]="item.group" [page]="item.page" (changed)="refresh()" />
        } @empty {
          <div class="surface">
            <app-empty-state icon="check" [heading]="t().home.empty.heading">
              <p>{{ t().home.empty.text }}</p>
            </app-empty-state>
          </div>
        }
      </div>
    }
  `,
})
export class Inbox {
  private readonly api = inject(HomeApi);

  /** Emits after tokens have changed. */
  readonly changed = output();

  protected readonly t = injectTexts();
  protected readonly pages = loaded(
    () => 'inbox',
    () => forkJoin(INBOX_GROUPS.map(({ filter, sort }) => this.api.tokens(filter, sort, ROWS))),
  );
  /** Whether the height is final, so that content below does not move. */
  readonly isSettled = computed(() => this.pages.value() !== undefined || this.pages.problem() !== null);
  /** Why the tokens could not be reloaded. */
  readonly staleProblem = computed(() => (this.pages.value() === undefined ? null : this.pages.problem()));
  /** Groups with tokens. */
  protected readonly groups = computed(() =>
    (this.pages.value() ?? [])
      .flatMap((page, index) => {
        const group = INBOX_GROUPS[index];
        return group === undefined ? [] : [{ group, page }];
      })
      .filter(({ page }) => page.total > 0),
  );

  /** Reloads the tokens and the statistics. */
  refresh(): void {
    this.pages.reload();
    this.changed.emit();
  }
}
