import { computed, linkedSignal, type Signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import type { Observable } from 'rxjs';
import { type Problem, problemOf } from '../core/problem';

/** A loaded resource and its loading state. */
export interface Loaded<T> {
  /** The latest value, also while it is loaded again. */
  readonly value: Signal<T | undefined>;
  readonly isLoading: Signal<boolean>;
  /** Problem of the last request; a value that is already there may be stale. */
  readonly problem: Signal<Problem | null>;
  reload(): void;
  /** Replaces the value with the response to a change. */
  set(value: T): void;
}

/** Loads a resource whenever its parameters change. Loads nothing while they are `null`. */
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
