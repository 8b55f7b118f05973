import { computed, inject, type Signal } from '@angular/core';
import type { RoleDto } from '@latchkey/auth-models';
import {
  FILTERED_ROLES_MAX,
  ROLE_NAME_PATTERN,
  USER_KINDS,
  USER_SORT_FIELDS,
} from '@latchkey/auth-models/lists';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import type { Texts } from '../core/texts/texts';
import type { FilterOption, ListFilter } from '../shared/filters/filter-chip';
import type { ListPreset } from '../shared/filters/filter-menu';
import type { ListRules, ListState } from '../shared/list/list-state';
import type { Loaded } from '../shared/loaded';

const INACTIVE_DAYS = [30, 90];

/** Parameters that the URL of the list may have. */
export const USER_LIST_RULES: ListRules = {
  sortFields: USER_SORT_FIELDS,
  defaultSort: 'name',
  filters: {
    kind: USER_KINDS,
    enabled: ['true', 'false'],
    role: (value) => value.split(',').every((name) => ROLE_NAME_PATTERN.test(name)),
    permission: (value) => value.length <= 129,
    secondFactor: ['true', 'false'],
    copiedPasskey: ['true'],
    neverLoggedIn: ['true'],
    inactiveDays: (value) => /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 36_500,
  },
};

/** Returns the presets of the list. */
export function userPresets({ users: { neverSignedIn, inactiveSince, secondFactor } }: Texts): ListPreset[] {
  return [
    { label: secondFactor.false, filters: { secondFactor: 'false' } },
    { label: neverSignedIn, filters: { neverLoggedIn: 'true', inactiveDays: null } },
    ...INACTIVE_DAYS.map((days) => ({
      label: inactiveSince(days),
      filters: { neverLoggedIn: null, inactiveDays: String(days) },
    })),
  ];
}

/**
 * Returns the filters of the list: kind, state and role always, permission for users who may see what roles
 * grant, and the others if they are set.
 *
 * @param roles all roles. Without access to them the user types the name of a role.
 */
export function userFilters(roles: Loaded<readonly RoleDto[]>, state: ListState): Signal<ListFilter[]> {
  const texts = injectTexts();
  const session = inject(Session);
  return computed(() => {
    const { filters, copiedPasskey, inactiveSince, kinds, neverSignedIn, secondFactor, states } =
      texts().users;
    const values = state.query().filters;
    const days = values['inactiveDays'] ?? '';
    const others: ListFilter[] = [
      {
        name: 'secondFactor',
        label: filters.secondFactor,
        options: [
          { value: 'true', label: secondFactor.true },
          { value: 'false', label: secondFactor.false },
        ],
      },
      {
        name: 'copiedPasskey',
        label: filters.copiedPasskey,
        options: [{ value: 'true', label: copiedPasskey }],
      },
      {
        name: 'neverLoggedIn',
        label: filters.neverLoggedIn,
        options: [{ value: 'true', label: neverSignedIn }],
      },
      {
        name: 'inactiveDays',
        label: filters.neverLoggedIn,
        options: [{ value: days, label: inactiveSince(Number(days)) }],
      },
    ];
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
      {
        name: 'role',
        label: filters.role,
        ...(roleOptions !== undefined && { options: roleOptions, valuesMax: FILTERED_ROLES_MAX }),
      },
      ...(session.can('roles:read') || values['permission']
        ? [{ name: 'permission', label: filters.permission }]
        : []),
      ...others.filter(({ name }) => (values[name] ?? null) !== null),
    ];
  });
}
