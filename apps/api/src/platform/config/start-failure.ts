import { type Config } from './config.js';
import { ConfigurationError } from './configuration-error.js';

/** Log levels at which a failed start prints the stack. */
const STACK_LEVELS = new Set(['debug', 'trace']);

/**
 * Returns one line for the operator about a failed start. It names the variable that caused the failure, if there is one.
 *
 * @param config configuration of the start; absent if the configuration itself is invalid.
 */
export function describeStartFailure(error: unknown, config?: Config): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const line = `${blamedVariable(error, config)}${message.replace(/\s*\n\s*/g, ' ')}`;
  return config && STACK_LEVELS.has(config.logLevel) ? `${line}\n${stack}` : line;
}

function blamedVariable(error: unknown, config?: Config): string {
  const { path } = error as { path?: unknown };
  const isOfDataDirectory =
    !(error instanceof ConfigurationError) &&
    config !== undefined &&
    typeof path === 'string' &&
    path.startsWith(config.dataDirectory);
  return isOfDataDirectory ? 'LATCHKEY_DATA_DIR: give a folder that this server may write to: ' : '';
}
