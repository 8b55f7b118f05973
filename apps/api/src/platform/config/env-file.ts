import { existsSync } from 'node:fs';

/** File that the server reads from the working directory at start. */
export const ENV_FILE = '.env';

/** Reads `.env` in the working directory, if there is one. Existing environment variables take precedence. */
export function readEnvFile(): void {
  if (existsSync(ENV_FILE)) {
    process.loadEnvFile(ENV_FILE);
  }
}
