import { computed, inject, linkedSignal, type Signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { BrowserStorage } from '../../core/browser-storage';

/**
 * Query parameter with the hidden columns of a shared link, which has precedence over those stored in the
 * browser.
 */
export const HIDDEN_PARAMETER = 'hidden';

const COLUMNS_MAX = 20;
const COLUMN_NAME = /^[A-Za-z]{1,40}$/;

/** A layout as it is stored in the browser. */
interface StoredLayout {
  readonly hidden: readonly string[];
  readonly isCompact: boolean;
}

const DEFAULT: StoredLayout = { hidden: [], isCompact: false };

/** Hidden columns and density of a list's table. */
export interface ListLayout {
  readonly hidden: Signal<ReadonlySet<string>>;
  readonly isCompact: Signal<boolean>;
  toggle(column: string): void;
  setCompact(isCompact: boolean): void;
  /** Shows all columns in comfortable rows. */
  reset(): void;
}

/** Creates the layout of a list, which is stored in the browser by the name of the list. */
export function listLayout(list: Signal<string>): ListLayout {
  const route = inject(ActivatedRoute);
  const router = inject(Router);
  const storage = inject(BrowserStorage);
  const parameters = toSignal(route.queryParamMap, { initialValue: route.snapshot.queryParamMap });

  const stored = linkedSignal(() => parseLayout(storage.read(storageKey(list()))));
  const parameter = computed(() => parameters().get(HIDDEN_PARAMETER));
  const hidden = computed(() => new Set(columnNames(parameter()?.split(',') ?? stored().hidden)));

  const store = (layout: StoredLayout): void => {
    stored.set(layout);
    storage.write(storageKey(list()), JSON.stringify(layout));
  };
  /** Stores columns and removes those of a shared link from the URL. */
  const storeColumns = (layout: StoredLayout): void => {
    store(layout);
    if (parameter() !== null) {
      void router.navigate([], {
        relativeTo: route,
        queryParams: { [HIDDEN_PARAMETER]: null },
        queryParamsHandling: 'merge',
        replaceUrl: true,
      });
    }
  };

  return {
    hidden,
    isCompact: computed(() => stored().isCompact),
    toggle: (column) => {
      const columns = new Set(hidden());
      if (!columns.delete(column)) {
        columns.add(column);
      }
      storeColumns({ ...stored(), hidden: [...columns] });
    },
    setCompact: (isCompact) => store({ ...stored(), isCompact }),
    reset: () => storeColumns(DEFAULT),
  };
}

/** Reads a stored layout. Ignores invalid values. */
export function parseLayout(text: string | null): StoredLayout {
  try {
    const { hidden, isCompact } = JSON.parse(text ?? '') as Partial<Record<keyof StoredLayout, unknown>>;
    return { hidden: Array.isArray(hidden) ? columnNames(hidden) : [], isCompact: isCompact === true };
  } catch {
    return DEFAULT;
  }
}

function storageKey(list: string): string {
  return `latchkey-list-${list}`;
}

function columnNames(values: readonly unknown[]): string[] {
  return values
    .filter((value): value is string => typeof value === 'string' && COLUMN_NAME.test(value))
    .slice(0, COLUMNS_MAX);
}
