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

  static ngTemplateContextGuard<T>(column: ListColumn<T>, context: unknown): context is ColumnContext<T> {
    return column.template !== null && context !== null;
  }
}
