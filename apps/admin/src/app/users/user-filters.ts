import { computed, type Signal } from '@angular/core';
import type { RoleDto } from '@latchkey/auth-models';
import { ROLE_NAME_PATTERN, USER_KINDS, USER_SORT_FIELDS } from '@latchkey/auth-models/lists';
import { injectTexts } from '../core/language';
import type { FilterOption, ListFilter } from '../shared/filters/filter-chip';
import type { ListRules, ListState } from '../shared/list/list-state';
import type { Loaded } from '../shared/loaded';

const NEVER = 'never';
const INACTIVE_DAYS = ['30', '90'];

/** Parameters that the URL of the list may have. */
export const USER_LIST_RULES: ListRules = {
  sortFields: USER_SORT_FIELDS,
  defaultSort: 'name',
  filters: {
    kind: USER_KINDS,
    enabled: ['true', 'false'],
    role: (value) => ROLE_NAME_PATTERN.test(value),
    neverLoggedIn: ['true'],
    inactiveDays: (value) => /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 36_500,
  },
};

/**
 * Returns the filters that set one parameter each.
 *
 * @param roles all roles. Without access to them the user types the name of a role.
 */
export function userFilters(roles: Loaded<readonly RoleDto[]>): Signal<ListFilter[]> {
  const texts = injectTexts();
  return computed(() => {
    const { filters, kinds, states } = texts().users;
    // A menu while they load, so that no text field is replaced while someone types in it.
    const known = roles.value() ?? (roles.isLoading() ? [] : undefined);
    const roleOptions = known?.map(({ name }): FilterOption => ({ value: name, label: name }));
    return [
      {
        name: 'kind',
        label: filters.kind,
        options: USER_KINDS.map((kind) => ({ value: kind, label: kinds[kind] })),
      },
      {
        name: 'enabled',
        label: filters.enabled,
        options: [
          { value: 'true', label: states.true },
          { value: 'false', label: states.false },
        ],
      },
      { name: 'role', label: filters.role, ...(roleOptions !== undefined && { options: roleOptions }) },
    ];
  });
}

/** Filter by last sign-in, which sets one of two parameters. */
export interface SignInFilter {
  readonly filter: Signal<ListFilter>;
  /** `never`, or a number of days. */
  readonly value: Signal<string | null>;
  choose(value: string | null): void;
}

/** Returns the {@link SignInFilter} of a list. */
export function signInFilter(state: ListState): SignInFilter {
  const texts = injectTexts();
  const value = computed(() => {
    const { neverLoggedIn, inactiveDays } = state.query().filters;
    return neverLoggedIn === 'true' ? NEVER : (inactiveDays ?? null);
  });
  return {
    value,
    filter: computed(() => {
      const { filters, neverSignedIn, inactiveSince } = texts().users;
      const chosen = value();
      // Other numbers of days in the URL become an option too.
      const days = new Set([...INACTIVE_DAYS, ...(chosen === null || chosen === NEVER ? [] : [chosen])]);
      const inactive = [...days].map((day) => ({ value: day, label: inactiveSince(Number(day)) }));
      return {
        name: 'signIn',
        label: filters.neverLoggedIn,
        options: [{ value: NEVER, label: neverSignedIn }, ...inactive],
      };
    }),
    choose: (chosen) =>
      state.filter({
        neverLoggedIn: chosen === NEVER ? 'true' : null,
        inactiveDays: chosen === NEVER ? null : chosen,
      }),
  };
}
