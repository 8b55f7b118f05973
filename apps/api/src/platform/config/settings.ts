import { type SettingSource } from '@latchkey/auth-models';
import { type EnvironmentValues } from './environment.js';
import { SECRET_VARIABLES, VARIABLES, type VariableName } from './variables.js';

/** A variable of the effective configuration, as it may be shown. */
export interface Setting {
  readonly name: VariableName;
  readonly source: SettingSource;
  readonly isSet: boolean;
  /** As the environment would say it; absent where nothing is set, and with secrets. */
  readonly value?: string;
}

/**
 * Describes every variable.
 *
 * @param sources where values came from that are no defaults.
 * @param shown what is shown in place of what was given: values that follow from others, or hold a secret.
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
