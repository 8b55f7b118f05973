import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { normalizePassword } from '@latchkey/auth-models';
import { Algorithm, hash } from '@node-rs/argon2';
import { Config } from '../config/config.js';
import { isHashStrongEnough } from './hash-parameters.js';
import { HashQueue } from './hash-queue.js';
import { schemeOf } from './password-schemes.js';

/** Hashes passwords with argon2id, verifies them, and never does more at once than the machine has cores. */
@Injectable()
export class Passwords {
  /** Compared with while no user has a password, so that a log-in costs the same then. */
  private readonly dummy: Promise<string>;

  constructor(
    private readonly config: Config,
    private readonly queue: HashQueue,
  ) {
    this.dummy = this.hash(randomBytes(32).toString('base64'));
    // Awaited by the first log-in for an unknown user; a failure shows there.
    this.dummy.catch(() => undefined);
  }

  /** The hash to store, which names its own parameters. */
  hash(password: string): Promise<string> {
    const { memoryKib, passes } = this.config.argon2;
    return this.queue.run(() =>
      hash(normalizePassword(password), {
        algorithm: Algorithm.Argon2id,
        memoryCost: memoryKib,
        timeCost: passes,
        parallelism: 1,
      }),
    );
  }

  /** @throws ApplicationError `overloaded` when a password would wait too long: asked before anything is done for it. */
  refuseIfBusy(): void {
    this.queue.refuseIfFull();
  }

  /**
   * Whether a password belongs to a hash, whichever scheme made it. With no hash it costs as much as with the dummy, and
   * the answer is no.
   *
   * @param before is waited for when its turn has come; if it fails, nothing is hashed.
   * @param dummy one of the configured cost if absent.
   */
  async verify(
    stored: string | null,
    password: string,
    before?: () => Promise<void>,
    dummy?: string,
  ): Promise<boolean> {
    const reference = stored ?? dummy ?? (await this.dummy);
    const scheme = schemeOf(reference);
    if (!scheme) {
      throw new Error('A stored password hash has a form that nobody knows');
    }
    const isMatch = await this.queue.run(() => scheme.verify(reference, password), before);
    return isMatch && stored !== null;
  }

  /**
   * Whether a stored hash is weaker than the configuration asks for, or another scheme's, and should be made anew at the
   * next log-in.
   */
  isOutdated(stored: string): boolean {
    return !isHashStrongEnough(stored, this.config.argon2);
  }
}
