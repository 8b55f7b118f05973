import { readFileSync } from 'node:fs';
import { type SettingSource } from '@latchkey/auth-models';
import { cleanEnv, type CleanedEnv } from 'envalid';
import { ConfigurationError } from './configuration-error.js';
import { VARIABLES, type VariableName } from './variables.js';

/** Every variable's value after validation. */
export type EnvironmentValues = CleanedEnv<typeof VARIABLES>;

/** The environment after validation. */
export interface Environment {
  readonly values: EnvironmentValues;
  /** Where each value came from that is no default. */
  readonly sources: ReadonlyMap<VariableName, SettingSource>;
}

const FILE_SUFFIX = '_FILE';

/**
 * Reads and checks the environment.
 *
 * @throws ConfigurationError naming the first variable that is unknown or wrong.
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

/** Replaces each `X_FILE` by `X` with the file's content, so that secrets can stay out of the environment. */
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
    // An empty value is what compose files pass for "not set".
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

/** What a file holds but for the line end that editors put there; a second line is left for the checks to refuse. */
function readValue(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    throw new ConfigurationError(`${name}: the file cannot be read; check its path and mode`);
  }
}
