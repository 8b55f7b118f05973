import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { BUILD_FINGERPRINT } from '../build-fingerprint.js';
import { CommandError } from '../command-failure.js';
import { type CommandName, type OptionsOf, type ResultOf } from '../command-list.js';
import { type ReportProgress } from '../command.js';
import { type CommandSession, type Invoker } from '../command-session.js';
import { ANSWER_MAX_BYTES, type CommandAnswer, type CommandRequest } from './messages.js';
import { readLines } from '../read-lines.js';
import { withShortPath } from './socket-path.js';

/** Error codes when no server listens. A killed server leaves its socket behind. */
const NOT_LISTENING = new Set(['ENOENT', 'ECONNREFUSED']);

/** Runs commands in the running server. */
export class SocketSession implements CommandSession {
  private readonly answers: AsyncGenerator<string, undefined>;

  private constructor(
    private readonly socket: Socket,
    private readonly invoker: Invoker,
  ) {
    this.answers = readLines(socket, ANSWER_MAX_BYTES);
  }

  /**
   * Connects to the server that listens on this path. Returns `undefined` if there is none.
   *
   * @throws CommandError if this account may not connect.
   */
  static async connect(path: string, invoker: Invoker): Promise<SocketSession | undefined> {
    try {
      const socket = await withShortPath(path, async (short) => {
        const connecting = connect(short);
        await once(connecting, 'connect');
        return connecting;
      });
      return new SocketSession(socket, invoker);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (NOT_LISTENING.has(code ?? '')) {
        return undefined;
      }
      throw CommandError.of(
        `${path} cannot be opened: ${message}. Run the command as the account of the server.`,
      );
    }
  }

  async run<Name extends CommandName>(
    command: Name,
    options: OptionsOf<Name>,
    report: ReportProgress,
  ): Promise<ResultOf<Name>> {
    const request: CommandRequest = { build: BUILD_FINGERPRINT, ...this.invoker, command, options };
    this.socket.write(`${JSON.stringify(request)}\n`);
    for (;;) {
      const answer = await this.nextAnswer();
      if ('result' in answer) {
        return answer.result as ResultOf<Name>;
      }
      if ('error' in answer) {
        throw new CommandError(answer.error);
      }
      report(answer.progress);
    }
  }

  close(): Promise<void> {
    this.socket.destroy();
    return Promise.resolve();
  }

  private async nextAnswer(): Promise<CommandAnswer> {
    // Fails alike when the server closes the connection and when it breaks.
    const { value } = await this.answers.next().catch(() => ({ value: undefined }));
    if (typeof value !== 'string') {
      throw CommandError.of(
        'The server stopped before it responded. Check the audit trail to see whether the command was run.',
      );
    }
    return JSON.parse(value) as CommandAnswer;
  }
}
