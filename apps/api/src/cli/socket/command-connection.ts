import { type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type CommandRunner } from '../command-runner.js';
import { BUILD_FINGERPRINT } from '../build-fingerprint.js';
import {
  REQUEST_MAX_BYTES,
  type CommandAnswer,
  type CommandOutcome,
  type CommandRequest,
} from './messages.js';
import { readLines } from '../read-lines.js';

/** Time after which an idle connection is closed. */
const IDLE_MILLISECONDS = 60_000;

/** Maximum wait for a running command when the server stops. Long commands, such as `verify-audit`, can be repeated. */
const FINISH_MILLISECONDS = 3_000;

/** Connection of one program to the running server. Runs its commands one after another. */
export class CommandConnection {
  private running: Promise<void> | undefined;
  private isFinishing = false;

  constructor(
    private readonly socket: Socket,
    private readonly runner: CommandRunner,
  ) {}

  /** Responds to commands until the program disconnects. */
  async serve(): Promise<void> {
    this.socket.setTimeout(IDLE_MILLISECONDS, () => {
      if (!this.running) {
        this.socket.destroy();
      }
    });
    for await (const line of readLines(this.socket, REQUEST_MAX_BYTES)) {
      this.running = this.answer(line);
      await this.running;
      this.running = undefined;
      if (this.isFinishing) {
        break;
      }
    }
    this.socket.end();
  }

  /** Closes the connection after the running command, or after {@link FINISH_MILLISECONDS}. */
  async finish(): Promise<void> {
    this.isFinishing = true;
    await Promise.race([this.running, pause(FINISH_MILLISECONDS, undefined, { ref: false })]);
    this.socket.end();
    this.socket.destroySoon();
  }

  private async answer(line: string): Promise<void> {
    this.send(await this.outcomeOf(line));
  }

  private async outcomeOf(line: string): Promise<CommandOutcome> {
    const request = JSON.parse(line) as CommandRequest;
    if (request.build !== BUILD_FINGERPRINT) {
      const message =
        'The running server has another build than this program. Restart the server, or use the command line of its build.';
      return { error: { code: 'command_line', message } };
    }
    return this.runner.run(request, (progress) => this.send({ progress }));
  }

  private send(answer: CommandAnswer): void {
    // A command still completes if its program has disconnected.
    if (this.socket.writable) {
      this.socket.write(`${JSON.stringify(answer)}\n`);
    }
  }
}
