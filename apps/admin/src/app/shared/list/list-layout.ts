import { computed, inject, linkedSignal, type Signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import { BrowserStorage } from '../../core/browser-storage';

/** Query parameter with the hidden columns of a saved view, which has precedence over those stored in the browser. */
export const HIDDEN_PARAMETER = 'hidden';

/** Value of the parameter for a view with all columns. */
const NOTHING_HIDDEN = 'none';

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
  /** Value of {@link HIDDEN_PARAMETER} for the hidden columns. */
  readonly hiddenParameter: Signal<string>;
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
  const setParameter = (value: string | null): void =>
    void router.navigate([], {
      relativeTo: route,
      queryParams: { [HIDDEN_PARAMETER]: value },
      queryParamsHandling: 'merge',
      replaceUrl: true,
    });

  return {
    hidden,
    isCompact: computed(() => stored().isCompact),
    hiddenParameter: computed(() => parameterOf(hidden())),
    toggle: (column) => {
      const columns = new Set(hidden());
      if (!columns.delete(column)) {
        columns.add(column);
      }
      // A view changes in its URL only, and leaves the stored columns of the list as they are.
      if (parameter() === null) {
        store({ ...stored(), hidden: [...columns] });
      } else {
        setParameter(parameterOf(columns));
      }
    },
    setCompact: (isCompact) => store({ ...stored(), isCompact }),
    reset: () => {
      store(DEFAULT);
      if (parameter() !== null) {
        setParameter(null);
      }
    },
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

function parameterOf(hidden: ReadonlySet<string>): string {
  return [...hidden].sort().join(',') || NOTHING_HIDDEN;
}

function columnNames(values: readonly unknown[]): string[] {
  return values
    .filter((value): value is string => typeof value === 'string' && COLUMN_NAME.test(value))
    .filter((name) => name !== NOTHING_HIDDEN)
    .slice(0, COLUMNS_MAX);
}
