import { computed, linkedSignal, type Signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import type { Observable } from 'rxjs';
import { type Problem, problemOf } from '../core/problem';

/** One thing that a page shows, and everything about its loading. */
export interface Loaded<T> {
  /** What arrived last; it stays while it is asked for again. */
  readonly value: Signal<T | undefined>;
  readonly isLoading: Signal<boolean>;
  /** Why it did not come; with a value that is there already, why that may be out of date. */
  readonly problem: Signal<Problem | null>;
  /** Asks for it again. */
  reload(): void;
  /** Puts in its place what the server answered to a change. */
  set(value: T): void;
}

/** Loads what the parameters mean, whenever they change. While they are `null` nothing is asked for. */
export function loaded<T, P extends string | object>(
  params: () => P | null,
  load: (params: P) => Observable<T>,
): Loaded<T> {
  const resource = rxResource({
    params: () => params() ?? undefined,
    stream: ({ params: given }) => load(given),
  });
  const value = linkedSignal<{ of: P | null; arrived: T | undefined }, T | undefined>({
    source: () => ({ of: params(), arrived: resource.hasValue() ? resource.value() : undefined }),
    computation: ({ of, arrived }, previous) =>
      arrived ?? (previous?.source.of === of ? previous?.value : undefined),
  });
  return {
    value: value.asReadonly(),
    isLoading: resource.isLoading,
    problem: computed(() => {
      const error = resource.error();
      return error === undefined ? null : problemOf(error);
    }),
    reload: () => void resource.reload(),
    set: (changed) => resource.set(changed),
  };
}
