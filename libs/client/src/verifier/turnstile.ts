import { overloaded } from './verification-error.js';

/** Limits how many requests to the server run at once, and how many wait. */
export class Turnstile {
  private running = 0;
  private readonly waiting = new Set<() => void>();

  constructor(
    private readonly runningMax: number,
    private readonly waitingMax: number,
    private readonly timeout: number,
  ) {}

  /** Runs a task. @throws VerificationError `overloaded` if too many wait, or it had to wait too long. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running >= this.runningMax) {
      await this.wait();
    } else {
      this.running += 1;
    }
    try {
      return await task();
    } finally {
      const [next] = this.waiting;
      if (next) {
        // Takes the place of this task.
        next();
      } else {
        this.running -= 1;
      }
    }
  }

  private wait(): Promise<void> {
    if (this.waiting.size >= this.waitingMax) {
      throw overloaded();
    }
    return new Promise((resolve, reject) => {
      const enter = () => {
        clearTimeout(timer);
        this.waiting.delete(enter);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.delete(enter);
        reject(overloaded());
      }, this.timeout);
      this.waiting.add(enter);
    });
  }
}
