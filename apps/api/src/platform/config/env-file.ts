import { existsSync } from 'node:fs';

/** The file that a start reads from the working folder. */
export const ENV_FILE = '.env';

/** Reads `.env` of the working folder, if there is one; what the environment has already wins. */
export function readEnvFile(): void {
  if (existsSync(ENV_FILE)) {
    process.loadEnvFile(ENV_FILE);
  }
}
