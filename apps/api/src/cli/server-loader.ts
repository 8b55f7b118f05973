import { type Config } from '../platform/config/config.js';

/** Application in this process, without a port, recurring jobs and migrations. */
export interface Application {
  close(): Promise<void>;
}

/** Parts of the server that the entry points above this folder provide, and load on demand. */
export interface ServerLoader {
  /**
   * Opens an {@link Application} that serves the API on a Unix socket.
   *
   * @throws ConfigurationError if another process uses the database, or it cannot be opened.
   */
  openApplication: (config: Config, socketPath: string) => Promise<Application>;
  /** Loads all entity classes. */
  entities: () => Promise<(new () => unknown)[]>;
}
