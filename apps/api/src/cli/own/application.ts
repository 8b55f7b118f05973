import { type Config } from '../../platform/config/config.js';
import { type CommandRunner } from '../command-runner.js';

/** The server's insides in this process: nothing listens and no job runs. */
export interface Application {
  readonly runner: CommandRunner;
  close(): Promise<void>;
}

/**
 * Makes an {@link Application}. The entry points above this folder know how, and load it only when it is needed.
 *
 * @throws ConfigurationError if the database is another process's, or cannot be opened.
 */
export type OpenApplication = (config: Config) => Promise<Application>;

/** What the entry points above this folder know of the server. */
export interface Insides {
  openApplication: OpenApplication;
  /** Every entity, so that every table is known. */
  entities: () => Promise<(new () => unknown)[]>;
}
