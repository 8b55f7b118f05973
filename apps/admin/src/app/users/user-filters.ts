import { computed, type Signal } from '@angular/core';
import { ROLE_NAME_PATTERN, type RoleDto, USER_KINDS, USER_SORT_FIELDS } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import type { FilterOption, ListFilter } from '../shared/filters/filter-chip';
import type { ListRules, ListState } from '../shared/list/list-state';
import type { Loaded } from '../shared/loaded';

const NEVER = 'never';
const INACTIVE_DAYS = ['30', '90'];

/** What the address of the list of users may say. */
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
 * The filters that set one parameter each.
 *
 * @param roles all roles; whoever may not see them types a role's name.
 */
export function userFilters(roles: Loaded<readonly RoleDto[]>): Signal<ListFilter[]> {
  const texts = injectTexts();
  return computed(() => {
    const { filters, kinds, states } = texts().users;
    // As long as they are on their way it is a menu, so that no form is taken away from whoever is quick.
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

/** The filter for when somebody signed in last, which is one of two parameters. */
export interface SignInFilter {
  readonly filter: Signal<ListFilter>;
  /** `never`, or the days. */
  readonly value: Signal<string | null>;
  choose(value: string | null): void;
}

/** Makes the {@link SignInFilter} of a list. */
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
      // Days that somebody wrote into the address are an option like the others.
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
