import { booleanAttribute, Directive, inject, input, TemplateRef } from '@angular/core';
import type { RowList } from './row-list';

/** Where a column stands on a card: beside the title, among the facts, at its foot, or nowhere. */
export type CardPlace = 'head' | 'fact' | 'foot' | 'none';

/** What a column's template is given. */
interface ColumnContext<T> {
  readonly $implicit: T;
}

/** A column of a list: a cell of its table, and a part of its cards. The first one is what a row is known by. */
@Directive({ selector: 'ng-template[appColumn]' })
export class ListColumn<T> {
  readonly template = inject<TemplateRef<ColumnContext<T>>>(TemplateRef);

  /** Its name; that of the field it is sorted by, if it can be. */
  readonly appColumn = input.required<string>();
  /** The list that it belongs to, so that the template knows what its rows are. */
  readonly of = input.required<RowList<T>>();
  readonly heading = input.required<string>();
  readonly sortable = input(false, { transform: booleanAttribute });
  readonly number = input(false, { transform: booleanAttribute });
  readonly place = input<CardPlace>('fact');

  static ngTemplateContextGuard<T>(column: ListColumn<T>, context: unknown): context is ColumnContext<T> {
    return column.template !== null && context !== null;
  }
}
