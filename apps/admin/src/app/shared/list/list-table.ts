import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { type Sort, MatSortModule } from '@angular/material/sort';
import { MatTableModule } from '@angular/material/table';
import { Router, RouterLink, type UrlTree } from '@angular/router';
import { injectTexts } from '../../core/language';
import type { ListColumn } from './list-column';
import type { ListSelection } from './list-selection';
import type { ListState } from './list-state';
import { RowCheckbox } from './row-checkbox';
import { RowKeys } from './row-keys';
import { RowLink } from './row-link';
import { RowViews } from './row-views';

/** The order a table header shows for a `sort` parameter: that of its first field. */
export function sortOrder(parameter: string): Sort {
  const first = parameter.split(',')[0] ?? '';
  return first.startsWith('-')
    ? { active: first.slice(1), direction: 'desc' }
    : { active: first, direction: 'asc' };
}

/** The `sort` parameter for the order a table header shows. */
export function sortParameter({ active, direction }: Sort): string {
  return direction === 'desc' ? `-${active}` : active;
}

/** The column that rows are selected in. */
const SELECTION_COLUMN = 'selection';

/** The rows of a list as a table, for wide screens. */
@Component({
  selector: 'app-list-table',
  imports: [MatSortModule, MatTableModule, NgTemplateOutlet, RouterLink, RowKeys, RowLink, RowCheckbox],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './list-table.html',
  styleUrl: './list-table.scss',
})
export class ListTable<T> {
  private readonly router = inject(Router);

  readonly rows = input.required<readonly T[]>();
  readonly columns = input.required<readonly ListColumn<T>[]>();
  readonly state = input.required<ListState>();
  readonly label = input.required<string>();
  /** What tells a row apart, and a word or two that people know it by. */
  readonly idOf = input.required<(row: T) => string>();
  readonly nameOf = input.required<(row: T) => string>();
  /** Where a row leads, as the router's commands; `null` if nowhere. */
  readonly linkOf = input<((row: T) => readonly string[] | null) | null>(null);
  readonly selection = input<ListSelection<T> | null>(null);

  protected readonly t = injectTexts();
  protected readonly sortParameter = sortParameter;
  protected readonly order = computed(() => sortOrder(this.state().query().sort));
  protected readonly names = computed(() => [
    ...(this.selection() === null ? [] : [SELECTION_COLUMN]),
    ...this.columns().map((column) => column.appColumn()),
  ]);
  protected readonly links = computed(() => new Map(this.rows().map((row) => [row, this.linkTo(row)])));
  private readonly rowViews = new RowViews();
  private readonly views = computed(() => this.rowViews.of(this.rows().map(this.idOf())));
  protected readonly trackBy = (index: number): number | undefined => this.views()[index];

  private linkTo(row: T): UrlTree | null {
    const commands = this.linkOf()?.(row) ?? null;
    return commands === null ? null : this.router.createUrlTree([...commands]);
  }
}
