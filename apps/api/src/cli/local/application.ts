import { type Config } from '../../platform/config/config.js';
import { type CommandRunner } from '../command-runner.js';

/** The server's services in this process, without a listening socket and without recurring jobs. */
export interface Application {
  readonly runner: CommandRunner;
  close(): Promise<void>;
}

/**
 * Opens an {@link Application}. The entry points above this folder provide it, and load the server's code on demand.
 *
 * @throws ConfigurationError if another process uses the database, or it cannot be opened.
 */
export type OpenApplication = (config: Config) => Promise<Application>;

/** Parts of the server that the entry points above this folder provide. */
export interface ServerLoader {
  openApplication: OpenApplication;
  /** Loads all entity classes. */
  entities: () => Promise<(new () => unknown)[]>;
}
