import type { Signal } from '@angular/core';
import type { Problem } from '../../core/problem';

/** Which face a list shows. */
export type ListStatus = 'loading' | 'rows' | 'empty' | 'no-match' | 'problem';

/** The rows of a list and everything it says about them. */
export interface RowList<T> {
  /** What arrived last; it stays while the next is on its way. */
  readonly rows: Signal<readonly T[]>;
  /** How many rows there are on all pages; `null` where nobody counts them. */
  readonly total: Signal<number | null>;
  readonly isLoading: Signal<boolean>;
  /** Why what is shown did not come; with rows that are there already, why they may be out of date. */
  readonly problem: Signal<Problem | null>;
  readonly status: Signal<ListStatus>;
  /** Asks for the same rows again. */
  reload(): void;
}
