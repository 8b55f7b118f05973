import { existsSync } from 'node:fs';

/** Reads `.env` of the working folder, if there is one; what the environment has already wins. */
export function readEnvFile(): void {
  if (existsSync('.env')) {
    process.loadEnvFile('.env');
  }
}
