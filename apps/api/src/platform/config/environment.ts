import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SettingDto, type SettingSource } from '@latchkey/auth-models';
import { cleanEnv, type CleanedEnv } from 'envalid';
import { ConfigurationError } from '../../common/application-error.js';
import { describeReadError } from './read-error.js';
import {
  adviseOnName,
  ALL_VARIABLES,
  FILE_SUFFIX,
  SECRET_VARIABLES,
  type VariableName,
  VARIABLES,
  variableSetBy,
} from './variables.js';

/** Values of all variables after validation. */
type EnvironmentValues = CleanedEnv<typeof ALL_VARIABLES>;

export interface Environment {
  readonly values: EnvironmentValues;
  /** Sources of all values that are not defaults. */
  readonly sources: ReadonlyMap<VariableName, SettingSource>;
  /** Paths of the files that values were read from. */
  readonly files: ReadonlyMap<VariableName, string>;
}

/** Prefix of the names of systemd credentials, before the name of a variable. */
const CREDENTIAL_PREFIX = 'latchkey.';

/** Reads and validates the environment. */
export function readEnvironment(source: NodeJS.ProcessEnv): Environment {
  const { texts, sources, files } = readFiles(source);
  const values = cleanEnv(texts, ALL_VARIABLES, {
    reporter: ({ errors }) => {
      const [wrong] = Object.entries(errors);
      if (wrong) {
        throw new ConfigurationError(`${wrong[0]}: ${wrong[1]?.message ?? 'has an invalid value'}`);
      }
    },
  });
  return { values, sources, files };
}

/**
 * Replaces each `X_FILE` with `X`, set to the content of the file, so that secrets need not be in the
 * environment. Adds the values of systemd credentials.
 */
function readFiles(source: NodeJS.ProcessEnv) {
  const texts: NodeJS.ProcessEnv = {};
  const sources = new Map<VariableName, SettingSource>();
  const files = new Map<VariableName, string>();
  const read = (name: string, target: VariableName, path: string) => {
    texts[target] = readValue(name, path);
    sources.set(target, 'file');
    files.set(target, path);
  };
  for (const [name, value] of Object.entries(source)) {
    const target = variableSetBy(name);
    if (target === undefined) {
      rejectUnknown(name);
      continue;
    }
    // Compose files pass an empty value for a variable that is not set.
    if (value) {
      if (target !== name) {
        rejectSecondValue(name, target, source);
      }
      if (target === name) {
        texts[target] = value;
        sources.set(target, 'environment');
      } else {
        read(name, target, value);
      }
    }
  }
  for (const [name, path] of credentials(source)) {
    const target = variableSetBy(name);
    if (target !== name) {
      throw new ConfigurationError(`${path}: no such variable. ${adviseOnName(name)}`);
    }
    rejectSecondValue(path, target, texts);
    read(path, target, path);
  }
  return { texts, sources, files };
}

/** Returns the paths of the files that variables with the suffix `_FILE` name. */
export function valueFiles(source: NodeJS.ProcessEnv): string[] {
  return Object.entries(source)
    .filter(([name]) => name.endsWith(FILE_SUFFIX) && variableSetBy(name))
    .map(([, path]) => path)
    .filter((path) => path !== undefined && path !== '') as string[];
}

/**
 * Returns the names and paths of the credentials of the systemd unit, such as `latchkey.LATCHKEY_AUDIT_KEY`.
 */
function credentials({ CREDENTIALS_DIRECTORY: folder }: NodeJS.ProcessEnv): [name: string, path: string][] {
  if (!folder || !existsSync(folder)) {
    return [];
  }
  return readdirSync(folder)
    .filter((file) => file.startsWith(CREDENTIAL_PREFIX))
    .map((file) => [file.slice(CREDENTIAL_PREFIX.length), join(folder, file)]);
}

function rejectSecondValue(name: string, target: VariableName, texts: NodeJS.ProcessEnv): void {
  if (texts[target]) {
    throw new ConfigurationError(`${name}: ${target} is set as well; set one of the two`);
  }
}

function rejectUnknown(name: string): void {
  if (name.startsWith('LATCHKEY_')) {
    throw new ConfigurationError(
      `${name}: no such variable. ${adviseOnName(name)} If your shell sets it, run: unset ${name}`,
    );
  }
}

/**
 * Returns the content of a file without the newline that editors append. Validation rejects a second line.
 */
function readValue(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new ConfigurationError(`${name}: ${describeReadError(path, error)}`, { cause: error });
  }
}

/**
 * Describes all variables of the server.
 *
 * @param sources sources of all values that are not defaults.
 * @param shown replacements for values that are derived from others or hold a secret.
 */
export function describeSettings(
  values: EnvironmentValues,
  sources: ReadonlyMap<VariableName, SettingSource>,
  shown: Partial<Record<VariableName, string>>,
): SettingDto[] {
  return (Object.keys(VARIABLES) as (keyof typeof VARIABLES)[]).map((name) => {
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
