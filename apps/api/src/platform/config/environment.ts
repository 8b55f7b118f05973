import { readFileSync } from 'node:fs';
import { type SettingSource } from '@latchkey/auth-models';
import { cleanEnv, type CleanedEnv } from 'envalid';
import { ConfigurationError } from './configuration-error.js';
import { VARIABLES, type VariableName } from './variables.js';

/** Values of all variables after validation. */
export type EnvironmentValues = CleanedEnv<typeof VARIABLES>;

/** Validated environment. */
export interface Environment {
  readonly values: EnvironmentValues;
  /** Sources of all values that are not defaults. */
  readonly sources: ReadonlyMap<VariableName, SettingSource>;
}

const FILE_SUFFIX = '_FILE';

/**
 * Reads and validates the environment.
 *
 * @throws ConfigurationError that names the first unknown or invalid variable.
 */
export function readEnvironment(source: NodeJS.ProcessEnv): Environment {
  const { texts, sources } = readFiles(source);
  const values = cleanEnv(texts, VARIABLES, {
    reporter: ({ errors }) => {
      const [wrong] = Object.entries(errors);
      if (wrong) {
        throw new ConfigurationError(`${wrong[0]}: ${wrong[1]?.message ?? 'has a wrong value'}`);
      }
    },
  });
  return { values, sources };
}

/** Replaces each `X_FILE` by `X` with the content of the file, so that secrets need not be in the environment. */
function readFiles(source: NodeJS.ProcessEnv) {
  const texts: NodeJS.ProcessEnv = {};
  const sources = new Map<VariableName, SettingSource>();
  for (const [name, value] of Object.entries(source)) {
    const target = name.endsWith(FILE_SUFFIX) ? name.slice(0, -FILE_SUFFIX.length) : name;
    if (!isVariable(target)) {
      refuseUnknown(name);
      continue;
    }
    if (target !== name && source[target] !== undefined) {
      throw new ConfigurationError(`${name}: ${target} is set as well; set one of the two`);
    }
    // Compose files pass an empty value for a variable that is not set.
    if (value) {
      texts[target] = target === name ? value : readValue(name, value);
      sources.set(target, target === name ? 'environment' : 'file');
    }
  }
  return { texts, sources };
}

function isVariable(name: string): name is VariableName {
  return Object.hasOwn(VARIABLES, name);
}

function refuseUnknown(name: string): void {
  if (name.startsWith('LATCHKEY_')) {
    throw new ConfigurationError(`${name}: no such variable; .env.example lists all of them`);
  }
}

/** Returns the content of a file without the newline that editors append. Validation rejects a second line. */
function readValue(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    throw new ConfigurationError(`${name}: the file cannot be read; check its path and mode`);
  }
}
