import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { ListState } from './list-state';
import { narrowScreen } from './narrow-screen';
import type { PagedList } from './paged-list';
import { type SortChoice, SortMenu } from './sort-menu';

/** The line above any list: how many rows there are, the way out of a search, and the order on narrow screens. */
@Component({
  selector: 'app-list-line',
  imports: [SortMenu],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <p aria-live="polite">
      @if (isCounted()) {
        {{ list().total() }} <ng-content />
        @if (state().isNarrowed()) {
          found
          <button class="link-button" type="button" (click)="state().widen()">Clear</button>
        }
      }
    </p>
    @if (isNarrow()) {
      <app-sort-menu
        [choices]="sortChoices()"
        [sort]="state().query().sort"
        (sortChange)="state().show({ sort: $event, page: 1 })"
      />
    }
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      justify-content: space-between;
      min-height: 44px;
    }
    p {
      margin: 0;
      padding-left: 2px;
      color: var(--mat-sys-on-surface-variant);
      font-size: 13px;
    }
  `,
})
export class ListLine {
  readonly list = input.required<PagedList<unknown>>();
  readonly state = input.required<ListState>();
  readonly sortChoices = input.required<readonly SortChoice[]>();

  protected readonly isNarrow = narrowScreen();
  protected readonly isCounted = computed(() => ['rows', 'no-match'].includes(this.list().face()));
}
