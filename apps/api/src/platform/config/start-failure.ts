import { type Config } from './config.js';
import { ConfigurationError } from './configuration-error.js';

/** Levels of the log at which whoever starts the server wants stacks, too. */
const STACK_LEVELS = new Set(['debug', 'trace']);

/**
 * What the operator is told of what stopped the start: one line, which names the variable where one is to blame.
 *
 * @param config what the server was to start with; absent = the configuration itself is wrong.
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
