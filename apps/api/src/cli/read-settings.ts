import { existsSync, lstatSync, statSync } from 'node:fs';
import { ENV_FILE, readEnvFile } from '../platform/config/environment-file.js';

/** Permissions with which accounts other than the owner can change a file. */
const WRITABLE_BY_OTHERS = 0o022;

/**
 * Reads a settings file, or like the server `.env` in the working directory. Ignores a `.env` that another
 * account controls, because it could redirect the command to another database.
 *
 * @returns the reason if `.env` was ignored.
 */
export function readSettings(environment: NodeJS.ProcessEnv, file?: string): string | undefined {
  const reason = file === undefined && existsSync(ENV_FILE) ? reasonForDistrust(ENV_FILE) : undefined;
  if (reason === undefined) {
    readEnvFile(environment, file);
  }
  return reason;
}

/** Returns the reason why another account may control the content of a file, or `undefined`. */
export function reasonForDistrust(path: string): string | undefined {
  const trusted = [0, process.getuid?.()];
  // A link of another account could point to any file of this one.
  if (![lstatSync(path), statSync(path)].every(({ uid }) => trusted.includes(uid))) {
    return 'it belongs to another account';
  }
  return (statSync(path).mode & WRITABLE_BY_OTHERS) === 0 ? undefined : 'other accounts can change it';
}
