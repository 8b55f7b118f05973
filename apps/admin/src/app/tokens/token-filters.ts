import { parseTokenStates, TOKEN_KINDS, TOKEN_STATES } from '@latchkey/auth-models';
import type { Texts } from '../core/texts/texts';
import type { ListFilter } from '../shared/filters/filter-chip';
import { activePreset, type ListPreset } from '../shared/filters/list-presets';
import type { ListRules } from '../shared/list/list-state';
import { ATTENTION_FILTERS } from '../shared/tokens/token';

/** Every state, those of ended tokens too, as the parameter `state` has it. */
const EVERY_STATE = TOKEN_STATES.join(',');

const isBoolean = ['true', 'false'] as const;

/** What the list of tokens allows in its URL. */
export const TOKEN_FILTERS: ListRules['filters'] = {
  kind: TOKEN_KINDS,
  state: (value) => parseTokenStates(value) !== null,
  user: (value) => value.length <= 256,
  unusedSinceDays: (value) => /^[1-9]\d{0,3}$/.test(value),
  neverUsed: isBoolean,
  noExpiry: isBoolean,
  ownerDisabled: isBoolean,
  inGrace: isBoolean,
};

/** The questions that are asked of tokens every day. */
export function tokenPresets({ tokens: { presets } }: Texts): ListPreset[] {
  return [
    { name: 'live', label: presets.live, filters: {} },
    ...(['expiring', 'neverUsed', 'unused', 'ownerDisabled', 'noExpiry'] as const).map((name) => ({
      name,
      label: presets[name],
      filters: ATTENTION_FILTERS[name],
    })),
    { name: 'inGrace', label: presets.inGrace, filters: { inGrace: 'true' } },
    { name: 'revoked', label: presets.revoked, filters: { state: 'revoked' } },
  ];
}

/** The filters that have a chip: kind, state and owner always, the others where something sets them that is no preset. */
export function tokenFilters(
  values: Readonly<Record<string, string | null>>,
  seesAll: boolean,
  texts: Texts,
): ListFilter[] {
  const { filters, filterValues, kinds, states } = texts.tokens;
  const days = values['unusedSinceDays'] ?? null;
  const bound: ListFilter[] = [
    {
      name: 'unusedSinceDays',
      label: filters.unusedSinceDays,
      options: days === null ? [] : [{ value: days, label: filterValues.days(Number(days)) }],
    },
    ...(['neverUsed', 'noExpiry', 'ownerDisabled', 'inGrace'] as const).map((name) => ({
      name,
      label: filters[name],
      options: isBoolean.map((value) => ({ value, label: filterValues[name][value] })),
    })),
  ];
  const isPreset = activePreset(tokenPresets(texts), values) !== undefined;
  return [
    {
      name: 'kind',
      label: filters.kind,
      options: TOKEN_KINDS.map((kind) => ({ value: kind, label: kinds[kind] })),
    },
    {
      name: 'state',
      label: filters.state,
      options: [
        ...TOKEN_STATES.map((state) => ({ value: state, label: states[state] })),
        { value: EVERY_STATE, label: filterValues.everyState },
      ],
    },
    ...(seesAll ? [{ name: 'user', label: filters.user }] : []),
    ...(isPreset ? [] : bound.filter(({ name }) => (values[name] ?? null) !== null)),
  ];
}
