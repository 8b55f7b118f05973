import { Config } from '../../platform/config/config.js';
import { type ServerLoader } from '../local/application.js';
import { type CommandName, type OptionsOf, type ResultOf } from '../command-list.js';
import { type CommandSession } from '../command-session.js';
import { openSession } from '../open-session.js';
import { type Output } from './output.js';

/** Context of a subcommand: the configuration, sessions and the output. */
export class Shell {
  /** Exit code of the process. A check that finds a problem sets it to 1. */
  exitCode = 0;
  private readConfig: Config | undefined;

  constructor(
    readonly loader: ServerLoader,
    readonly output: Output,
  ) {}

  /** @throws ConfigurationError */
  get config(): Config {
    this.readConfig ??= Config.read(process.env);
    return this.readConfig;
  }

  /** Runs one command in a session of its own, and returns its result. */
  run<Name extends CommandName>(command: Name, options: OptionsOf<Name>): Promise<ResultOf<Name>> {
    return this.inSession((session) =>
      session.run(command, options, (progress) => this.output.progress(progress)),
    );
  }

  /** Runs several commands in one session. */
  async inSession<T>(work: (session: CommandSession) => Promise<T>): Promise<T> {
    const session = await openSession(this.config, this.loader.openApplication);
    try {
      return await work(session);
    } finally {
      this.output.endProgress();
      await session.close();
    }
  }
}
