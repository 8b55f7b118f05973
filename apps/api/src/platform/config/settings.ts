import { type SettingSource } from '@latchkey/auth-models';
import { type EnvironmentValues } from './environment.js';
import { SECRET_VARIABLES, VARIABLES, type VariableName } from './variables.js';

/** Variable of the effective configuration, without secrets. */
export interface Setting {
  readonly name: VariableName;
  readonly source: SettingSource;
  readonly isSet: boolean;
  /** Value in the form of the environment; absent if it is not set or secret. */
  readonly value?: string;
}

/**
 * Describes all variables.
 *
 * @param sources sources of all values that are not defaults.
 * @param shown replacements for values that are derived from others or hold a secret.
 */
export function describeSettings(
  values: EnvironmentValues,
  sources: ReadonlyMap<VariableName, SettingSource>,
  shown: Partial<Record<VariableName, string>>,
): Setting[] {
  return (Object.keys(VARIABLES) as VariableName[]).map((name) => {
    const value = shown[name] ?? toText(values[name]);
    return {
      name,
      source: sources.get(name) ?? 'default',
      isSet: value !== '',
      ...(value !== '' && !SECRET_VARIABLES.has(name) && { value }),
    };
  });
}

function toText(value: EnvironmentValues[VariableName] | undefined): string {
  return value === undefined ? '' : String(value);
}
