import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { type Sort, MatSortModule } from '@angular/material/sort';
import { MatTableModule } from '@angular/material/table';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../../core/language';
import type { ListColumn } from './list-column';
import type { ListLayout } from './list-layout';
import type { ListSelection } from './list-selection';
import type { ListState } from './list-state';
import { type ListRow, RowCheckbox, RowKeys, RowLink } from './rows';

/**
 * Assigns views to rows. A row keeps its view while it is shown, so that focus and open menus stay. A new row
 * reuses the view of a removed one at its place, because creating a view takes much longer than updating its
 * texts.
 */
export class RowViews {
  private ids: readonly string[] = [];
  private views: readonly number[] = [];
  private created = 0;

  /** Returns the number of the view that renders each row. */
  of(ids: readonly string[]): readonly number[] {
    const before = new Map(this.ids.map((id, place) => [id, this.views[place]]));
    const stay = new Set(ids.filter((id) => before.has(id)));
    const views = ids.map((id, place) => {
      const left = this.ids[place];
      const isFree = left !== undefined && !stay.has(left);
      return before.get(id) ?? (isFree ? this.views[place] : undefined) ?? this.created++;
    });
    this.ids = ids;
    this.views = views;
    return views;
  }
}

/** Returns the order that a table header shows for a `sort` parameter, which is that of its first field. */
export function sortOrder(parameter: string): Sort {
  const first = parameter.split(',')[0] ?? '';
  return first.startsWith('-')
    ? { active: first.slice(1), direction: 'desc' }
    : { active: first, direction: 'asc' };
}

/** Returns the `sort` parameter for the order of a table header. */
export function sortParameter({ active, direction }: Sort): string {
  return direction === 'desc' ? `-${active}` : active;
}

const SELECTION_COLUMN = 'selection';

/** Rows of a list as a table, for wide screens. */
@Component({
  selector: 'app-list-table',
  imports: [MatSortModule, MatTableModule, NgTemplateOutlet, RouterLink, RowKeys, RowLink, RowCheckbox],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[class.compact]': 'layout().isCompact()' },
  templateUrl: './list-table.html',
  styles: `
    :host {
      display: block;
      container-type: inline-size;
    }
    /* A finger needs the height of comfortable rows. */
    @media not (pointer: coarse) {
      :host(.compact) {
        --mat-table-row-item-container-height: 44px;
        --app-identity-gap: 0;
        --app-identity-lines: 1;
        --app-identity-break: break-all;
      }
      :host(.compact) .mat-mdc-cell {
        padding-block: var(--space-half);
      }
    }
    .title {
      width: 38%;
      min-width: 196px;
      max-width: 0;
    }
    .mat-mdc-cell {
      padding-block: var(--space-2);
    }
    .mat-mdc-cell:not(:first-child),
    .mat-mdc-header-cell:not(:first-child) {
      padding-inline: var(--space-2);
    }
    .selection {
      width: 40px;
      padding-right: 0;
    }
    .selection app-row-checkbox {
      margin-left: -11px;
    }
    /* What stands to the left of the next column is not to be read into it. */
    .mat-mdc-cell.number:not(:last-child),
    .mat-mdc-header-cell.number:not(:last-child) {
      padding-right: var(--space-5);
    }
    .mat-mdc-cell:last-child,
    .mat-mdc-header-cell:last-child {
      padding-right: var(--space-4);
    }
    .number {
      text-align: right;
      font-variant-numeric: tabular-nums;
    }
    .mat-mdc-row {
      cursor: pointer;
    }
    .row-link {
      display: block;
    }
  `,
})
export class ListTable<T> {
  readonly rows = input.required<readonly ListRow<T>[]>();
  readonly columns = input.required<readonly ListColumn<T>[]>();
  /** Names of the columns to show. */
  readonly shown = input.required<ReadonlySet<string>>();
  readonly state = input.required<ListState>();
  readonly label = input.required<string>();
  readonly headings = input.required<Readonly<Record<string, string>>>();
  readonly layout = input.required<ListLayout>();
  readonly selection = input<ListSelection<T> | null>(null);

  protected readonly t = injectTexts();
  protected readonly sortParameter = sortParameter;
  protected readonly order = computed(() => sortOrder(this.state().query().sort));
  protected readonly names = computed(() => [
    ...(this.selection() === null ? [] : [SELECTION_COLUMN]),
    ...this.columns()
      .map((column) => column.appColumn())
      .filter((name) => this.shown().has(name)),
  ]);
  private readonly rowViews = new RowViews();
  private readonly views = computed(() => this.rowViews.of(this.rows().map(({ id }) => id)));
  protected readonly trackBy = (index: number): number | undefined => this.views()[index];
}
