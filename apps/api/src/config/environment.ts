import { readFileSync } from 'node:fs';
import { cleanEnv, type CleanedEnv } from 'envalid';
import { ConfigurationError } from './configuration-error.js';
import { VARIABLES } from './variables.js';

/** The environment after validation, by variable name. */
export type Environment = CleanedEnv<typeof VARIABLES>;

const FILE_SUFFIX = '_FILE';

/**
 * Reads and checks the environment.
 *
 * @throws ConfigurationError naming the first variable that is unknown or wrong.
 */
export function readEnvironment(source: NodeJS.ProcessEnv): Environment {
  return cleanEnv(readFiles(source), VARIABLES, {
    reporter: ({ errors }) => {
      const [wrong] = Object.entries(errors);
      if (wrong) {
        throw new ConfigurationError(`${wrong[0]}: ${wrong[1]?.message ?? 'has a wrong value'}`);
      }
    },
  });
}

/** Replaces each `X_FILE` by `X` with the file's content, so that secrets can stay out of the environment. */
function readFiles(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(source)) {
    const target = name.endsWith(FILE_SUFFIX) ? name.slice(0, -FILE_SUFFIX.length) : name;
    if (!(target in VARIABLES)) {
      refuseUnknown(name);
      continue;
    }
    if (target !== name && source[target] !== undefined) {
      throw new ConfigurationError(`${name}: ${target} is set as well; set one of the two`);
    }
    // An empty value is what compose files pass for "not set".
    if (value !== '') {
      environment[target] = target === name ? value : readValue(name, value ?? '');
    }
  }
  return environment;
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
