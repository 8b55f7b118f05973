import { type Answer, type Headers } from './api-client.js';
import { ADMIN } from './factories.js';
import { tokenHeader } from './api-client.js';
import { type ServerProcess } from './server-process.js';

/** An answer as it is judged afterwards. */
export interface JudgedAnswer {
  what: 'log-in' | 'verify' | 'log-out';
  status: number;
  retryAfter: string | null;
  /** On the clock of `performance.now`. */
  time: number;
  milliseconds: number;
}

/**
 * Clients that log in, verify and log out until they are told to stop, and write down what was acknowledged: a line only
 * after its answer is whole.
 */
export class LedgerLoad {
  readonly answers: JudgedAnswer[] = [];
  /** Tokens that must be good at the end. */
  readonly issued = new Set<Headers>();
  /** Tokens that must never be good again. */
  readonly ended = new Set<Headers>();
  private readonly running: Promise<unknown>;
  private isOver = false;

  constructor(
    private readonly server: ServerProcess,
    clients: number,
  ) {
    this.running = Promise.all(Array.from({ length: clients }, () => this.client()));
  }

  /** Resolves when every request has been answered. */
  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  /** The first answer of a kind and status that came after a time. */
  first(status: number, after: number): JudgedAnswer | undefined {
    return this.answers.find(
      (answer) => answer.what === 'log-in' && answer.status === status && answer.time > after,
    );
  }

  private async client(): Promise<void> {
    const { client } = this.server;
    for (let round = 0; !this.isOver; round += 1) {
      const login = await this.timed('log-in', () => client.login(ADMIN.name, ADMIN.password));
      if (login.status !== 200) {
        continue;
      }
      const headers = tokenHeader(login.body);
      this.issued.add(headers);
      await this.timed('verify', () => client.verify(headers));
      // Every other one stays.
      if (round % 2 === 0) {
        // From here on nobody knows, until there is an answer.
        this.issued.delete(headers);
        const { status } = await this.timed('log-out', () => client.logout(headers));
        if (status === 200) {
          this.ended.add(headers);
        }
      }
    }
  }

  private async timed<Body>(
    what: JudgedAnswer['what'],
    ask: () => Promise<Answer<Body>>,
  ): Promise<Answer<Body>> {
    const start = performance.now();
    const answer = await ask();
    const time = performance.now();
    const retryAfter = answer.headers.get('retry-after');
    this.answers.push({ what, status: answer.status, retryAfter, time, milliseconds: time - start });
    return answer;
  }
}
