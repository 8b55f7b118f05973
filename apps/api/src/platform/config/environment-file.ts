import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigurationError } from '../../common/application-error.js';
import { describeReadError } from './read-error.js';

/** File that is read from the working directory by default. */
export const ENV_FILE = '.env';

/**
 * Reads a settings file, or `.env` in the working directory if there is one. Existing environment variables take precedence.
 *
 * @throws ConfigurationError if the file cannot be read.
 */
export function readEnvFile(file?: string): void {
  if (file === undefined && !existsSync(ENV_FILE)) {
    return;
  }
  const path = file ?? ENV_FILE;
  for (const [name, value] of Object.entries(parseEnv(readText(path)))) {
    process.env[name] ??= value;
  }
}

/** Returns the content of the file. `process.loadEnvFile` would report each error as a missing file. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigurationError(`${describeReadError(path, error)}.`, { cause: error });
  }
}
