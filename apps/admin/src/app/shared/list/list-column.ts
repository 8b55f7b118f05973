import { booleanAttribute, Directive, inject, input, TemplateRef } from '@angular/core';
import type { RowList } from './paged-list';

/** Place of a column on a card: beside the title, among the facts, at the foot, or not shown. */
export type CardPlace = 'head' | 'fact' | 'foot' | 'none';

interface ColumnContext<T> {
  readonly $implicit: T;
}

/** Column of a list, shown as a table cell or as part of a card. The first column identifies the row. */
@Directive({ selector: 'ng-template[appColumn]' })
export class ListColumn<T> {
  readonly template = inject<TemplateRef<ColumnContext<T>>>(TemplateRef);

  /** Name of the column; for sortable ones that of the field. */
  readonly appColumn = input.required<string>();
  /** The list of the column, from which the template infers the type of its rows. */
  readonly of = input.required<RowList<T>>();
  readonly sortable = input(false, { transform: booleanAttribute });
  readonly number = input(false, { transform: booleanAttribute });
  readonly place = input<CardPlace>('fact');
  /** Width in pixels that the column needs in any language. In the first column, includes the checkbox. */
  readonly width = input(120);
  /** Without enough room, the columns with the highest number are left out first. Those with 0 stay. */
  readonly priority = input(0);

  static ngTemplateContextGuard<T>(column: ListColumn<T>, context: unknown): context is ColumnContext<T> {
    return column.template !== null && context !== null;
  }
}

/** Space that a column needs: its name, width and priority. */
export interface ColumnNeeds {
  readonly name: string;
  readonly width: number;
  readonly priority: number;
}

/** Returns the names of the columns that fit, chosen by priority. */
export function columnsThatFit(columns: readonly ColumnNeeds[], room: number): ReadonlySet<string> {
  let left = room;
  const fitting = [...columns]
    .sort((one, other) => one.priority - other.priority)
    .filter(({ width, priority }) => {
      left -= width;
      return left >= 0 || priority === 0;
    });
  return new Set(fitting.map(({ name }) => name));
}
