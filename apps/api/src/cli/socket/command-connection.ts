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

/** How long a program may stay connected without asking for anything. */
const IDLE_MILLISECONDS = 60_000;

/** How long a server that stops waits for a command; what reads a long trail can be asked for again. */
const FINISH_MILLISECONDS = 3_000;

/** One program of the command line, connected to the running server: its commands, one after another. */
export class CommandConnection {
  private running: Promise<void> | undefined;
  private isFinishing = false;

  constructor(
    private readonly socket: Socket,
    private readonly runner: CommandRunner,
  ) {}

  /** Answers until the program goes away. */
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

  /** Ends the connection, after what is running unless that takes long. */
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
        'The running server is of another build than this program: restart the server, or use the program it was started from.';
      return { error: { code: 'command_line', message } };
    }
    return this.runner.run(request, (progress) => this.send({ progress }));
  }

  private send(answer: CommandAnswer): void {
    // A program that went away is not told any more; what it asked for is done all the same.
    if (this.socket.writable) {
      this.socket.write(`${JSON.stringify(answer)}\n`);
    }
  }
}
