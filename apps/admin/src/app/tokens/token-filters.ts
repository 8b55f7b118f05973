import type { TokenState } from '@latchkey/auth-models';
import { parseTokenStates, TOKEN_KINDS, TOKEN_SORT_FIELDS, TOKEN_STATES } from '@latchkey/auth-models/lists';
import type { Texts } from '../core/texts/texts';
import type { ListFilter } from '../shared/filters/filter-chip';
import type { ListPreset } from '../shared/filters/filter-menu';
import type { ListRules } from '../shared/list/list-state';
import { ATTENTION_FILTERS } from '../shared/tokens/token';
import { stateFilter } from '../shared/tokens/token-table';

/** All states, including those of expired and revoked tokens. */
const EVERY_STATE = TOKEN_STATES.join(',');

const isBoolean = ['true', 'false'] as const;

/** Parameters that the URL of the list may have. */
export const TOKEN_LIST_RULES: ListRules = {
  sortFields: TOKEN_SORT_FIELDS,
  defaultSort: '-lastUsageTime',
  tabs: { filter: 'kind', first: 'api' },
  filters: {
    kind: TOKEN_KINDS,
    state: (value) => parseTokenStates(value) !== null,
    user: (value) => value.length <= 256,
    permission: (value) => value.length <= 129,
    unusedSinceDays: (value) => /^[1-9]\d{0,3}$/.test(value),
    neverUsed: isBoolean,
    noExpiry: isBoolean,
    ownerDisabled: isBoolean,
    inGrace: isBoolean,
    leaked: isBoolean,
    acknowledged: isBoolean,
    unusedPermissions: isBoolean,
    verifying: isBoolean,
    descendantOf: (value) => value.length > 0 && value.length <= 64,
  },
};

/** Returns the presets of the list. */
export function tokenPresets(seesAll: boolean, { tokens: { presets } }: Texts): ListPreset[] {
  const all = { ...ATTENTION_FILTERS, inGrace: { inGrace: 'true' }, revoked: { state: 'revoked' } };
  return (Object.keys(all) as (keyof typeof all)[])
    .filter((name) => seesAll || name !== 'ownerDisabled')
    .map((name) => ({ label: presets[name], filters: all[name] }));
}

/**
 * Returns the filters of the list: state and owner always, permission for users who may see what roles grant,
 * and the others if they are set.
 */
export function tokenFilters(
  values: Readonly<Record<string, string | null>>,
  { seesAll, seesRoles }: { readonly seesAll: boolean; readonly seesRoles: boolean },
  texts: Texts,
): ListFilter[] {
  const { filters, filterValues } = texts.tokens;
  const states = stateFilter(texts);
  const several = values['state']?.split(',') ?? [];
  const days = values['unusedSinceDays'] ?? null;
  const others: ListFilter[] = [
    {
      name: 'unusedSinceDays',
      label: filters.unusedSinceDays,
      options: days === null ? [] : [{ value: days, label: filterValues.days(Number(days)) }],
    },
    ...(
      [
        'neverUsed',
        'noExpiry',
        'ownerDisabled',
        'inGrace',
        'leaked',
        'acknowledged',
        'unusedPermissions',
        'verifying',
      ] as const
    ).map((name) => ({
      name,
      label: filters[name],
      options: isBoolean.map((value) => ({ value, label: filterValues[name][value] })),
    })),
  ];
  const ancestor = values['descendantOf'] ?? null;
  if (ancestor !== null) {
    others.push({
      name: 'descendantOf',
      label: filters.descendantOf,
      options: [{ value: ancestor, label: filterValues.descendantOf }],
    });
  }
  return [
    {
      ...states,
      options: [...(states.options ?? []), { value: EVERY_STATE, label: filterValues.everyState }],
      ...(several.length > 1 &&
        values['state'] !== EVERY_STATE && {
          valueLabel: several.map((state) => texts.tokens.states[state as TokenState]).join(', '),
        }),
    },
    ...(seesAll ? [{ name: 'user', label: filters.user }] : []),
    ...(seesRoles || values['permission']
      ? [{ name: 'permission', label: texts.users.filters.permission }]
      : []),
    ...others.filter(({ name }) => (values[name] ?? null) !== null),
  ];
}
