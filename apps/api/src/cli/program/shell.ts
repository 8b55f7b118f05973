import { Config } from '../../platform/config/config.js';
import { type ServerLoader } from '../server-loader.js';
import { withClient } from '../client/open-client.js';
import { type OperatorClient } from '../client/operator-client.js';
import { type Output, type ProgramProcess } from './output.js';

/** Context of a subcommand: the configuration, the API and the output. */
export class Shell {
  /** Exit code of the process. A check that finds a problem sets it to 1. */
  exitCode = 0;
  private readConfig: Config | undefined;

  constructor(
    readonly loader: ServerLoader,
    readonly output: Output,
    readonly process: ProgramProcess,
  ) {}

  get config(): Config {
    this.readConfig ??= Config.read(this.process.env);
    return this.readConfig;
  }

  /** Calls `use` with a client of the API and returns its result. */
  async withClient<T>(use: (client: OperatorClient) => Promise<T>): Promise<T> {
    try {
      return await withClient(this.config, this.loader, use);
    } finally {
      this.output.endProgress();
    }
  }
}
