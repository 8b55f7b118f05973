import { parseTokenStates, TOKEN_KINDS, TOKEN_STATES } from '@latchkey/auth-models/lists';
import type { Texts } from '../core/texts/texts';
import type { ListFilter } from '../shared/filters/filter-chip';
import { activePreset, type ListPreset } from '../shared/filters/list-presets';
import type { ListRules } from '../shared/list/list-state';
import { ATTENTION_FILTERS } from '../shared/tokens/token';
import { kindFilter, stateFilter } from '../shared/tokens/token-table';

/** All states, including those of expired and revoked tokens. */
const EVERY_STATE = TOKEN_STATES.join(',');

const isBoolean = ['true', 'false'] as const;

/** Filters that the URL of the list may set. */
export const TOKEN_FILTERS: ListRules['filters'] = {
  kind: TOKEN_KINDS,
  state: (value) => parseTokenStates(value) !== null,
  user: (value) => value.length <= 256,
  unusedSinceDays: (value) => /^[1-9]\d{0,3}$/.test(value),
  neverUsed: isBoolean,
  noExpiry: isBoolean,
  ownerDisabled: isBoolean,
  inGrace: isBoolean,
  leaked: isBoolean,
  acknowledged: isBoolean,
  unusedPermissions: isBoolean,
  descendantOf: (value) => value.length > 0 && value.length <= 64,
};

/** Returns the quick filters of the list. */
export function tokenPresets({ tokens: { presets } }: Texts): ListPreset[] {
  return [
    { name: 'live', label: presets.live, filters: {} },
    ...(['expiring', 'neverUsed', 'unused', 'ownerDisabled', 'noExpiry', 'unusedPermissions'] as const).map(
      (name) => ({
        name,
        label: presets[name],
        filters: ATTENTION_FILTERS[name],
      }),
    ),
    { name: 'inGrace', label: presets.inGrace, filters: { inGrace: 'true' } },
    { name: 'revoked', label: presets.revoked, filters: { state: 'revoked' } },
  ];
}

/**
 * Returns the filters with a chip: kind, state and owner always, the others if they are set and no preset is
 * active.
 */
export function tokenFilters(
  values: Readonly<Record<string, string | null>>,
  seesAll: boolean,
  texts: Texts,
): ListFilter[] {
  const { filters, filterValues } = texts.tokens;
  const states = stateFilter(texts);
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
  const isPreset = activePreset(tokenPresets(texts), values) !== undefined;
  return [
    kindFilter(texts),
    {
      ...states,
      options: [...(states.options ?? []), { value: EVERY_STATE, label: filterValues.everyState }],
    },
    ...(seesAll ? [{ name: 'user', label: filters.user, suggestsUsers: true }] : []),
    ...(isPreset ? [] : others.filter(({ name }) => (values[name] ?? null) !== null)),
  ];
}
