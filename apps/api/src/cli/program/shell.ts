import { Config } from '../../platform/config/config.js';
import { type Insides } from '../own/application.js';
import { type CommandName, type OptionsOf, type ResultOf } from '../command-list.js';
import { type CommandSession } from '../command-session.js';
import { openSession } from '../open-session.js';
import { type Output } from './output.js';

/** What a subcommand works with: the configuration, a way to the server, and where to print. */
export class Shell {
  /** What the process ends with; other than 0 for a check that found something. */
  exitCode = 0;
  private known: Config | undefined;

  constructor(
    readonly insides: Insides,
    readonly output: Output,
  ) {}

  /** @throws ConfigurationError */
  get config(): Config {
    this.known ??= Config.read(process.env);
    return this.known;
  }

  /** Runs one command, and returns its result. */
  run<Name extends CommandName>(command: Name, options: OptionsOf<Name>): Promise<ResultOf<Name>> {
    return this.inSession((session) =>
      session.run(command, options, (progress) => this.output.progress(progress)),
    );
  }

  /** Runs several commands one after another by the same way. */
  async inSession<T>(work: (session: CommandSession) => Promise<T>): Promise<T> {
    const session = await openSession(this.config, this.insides.openApplication);
    try {
      return await work(session);
    } finally {
      this.output.endProgress();
      await session.close();
    }
  }
}
