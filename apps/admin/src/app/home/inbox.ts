import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { forkJoin } from 'rxjs';
import { injectTexts } from '../core/language';
import { KeepFocus } from '../shared/keep-focus';
import { loaded } from '../shared/loaded';
import { EmptyState } from '../shared/ui/empty-state';
import { ErrorState } from '../shared/ui/error-state';
import { HomeApi } from './home-api';
import { InboxCard } from './inbox-card';
import { INBOX_GROUPS } from './inbox-groups';

/** Rows of a group that are seen at a glance. */
const ROWS = 5;

/** The work list: tokens that somebody should do something about, by reason. */
@Component({
  selector: 'app-inbox',
  imports: [EmptyState, InboxCard, KeepFocus, ErrorState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './inbox.html',
  styleUrl: './inbox.scss',
})
export class Inbox {
  private readonly api = inject(HomeApi);

  /** Something was done about tokens. */
  readonly changed = output();

  protected readonly t = injectTexts();
  protected readonly pages = loaded(
    () => 'inbox',
    () => forkJoin(INBOX_GROUPS.map(({ filter, sort }) => this.api.tokens(filter, sort, ROWS))),
  );
  /** Whether it is as high as it will be, so that what stands below it need not move. */
  readonly isSettled = computed(() => this.pages.value() !== undefined || this.pages.problem() !== null);
  /** Why what it shows may be out of date. */
  readonly outOfDate = computed(() => (this.pages.value() === undefined ? null : this.pages.problem()));
  /** The groups that have tokens. */
  protected readonly groups = computed(() =>
    (this.pages.value() ?? [])
      .flatMap((page, index) => {
        const group = INBOX_GROUPS[index];
        return group === undefined ? [] : [{ group, page }];
      })
      .filter(({ page }) => page.total > 0),
  );

  /** Asks for it again, and for all that goes with it. */
  refresh(): void {
    this.pages.reload();
    this.changed.emit();
  }
}
