import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { normalizePassword } from '@latchkey/auth-models';
import { Algorithm, hash } from '@node-rs/argon2';
import { Config } from '../config/config.js';
import { HashQueue } from './hash-queue.service.js';
import { schemeOf } from './password-schemes.js';

/** Lengths of the salt and the key in hashes of the library. */
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** Hashes passwords with argon2id and verifies them, at most one per core at a time. */
@Injectable()
export class Passwords {
  /** Hash for logins of unknown users while no user has a password, so that all logins cost the same. */
  private readonly dummy: string;

  constructor(
    private readonly config: Config,
    private readonly queue: HashQueue,
  ) {
    this.dummy = dummyOf(config.argon2);
  }

  /** Returns the hash to store, a PHC string with its parameters. */
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

  /**
   * Rejects a login before any other work.
   *
   * @throws ApplicationError `overloaded` if a hash would wait too long.
   */
  rejectIfBusy(): void {
    this.queue.rejectIfFull();
  }

  /**
   * Whether a password matches a hash of any known scheme. Without a hash it verifies the dummy, for the same
   * cost, and returns false.
   *
   * @param before awaited when its turn comes; if it fails, nothing is hashed.
   * @param dummy hash for unknown users; by default one of the configured cost.
   */
  async verify(
    stored: string | null,
    password: string,
    before?: () => Promise<void>,
    dummy?: string,
  ): Promise<boolean> {
    const reference = stored ?? dummy ?? this.dummy;
    const scheme = schemeOf(reference);
    if (!scheme) {
      throw new Error('A stored password hash has an unknown form');
    }
    const isMatch = await this.queue.run(() => scheme.verify(reference, password), before);
    return isMatch && stored !== null;
  }

  /**
   * Whether a stored hash is weaker than the configuration requires, or of another scheme. The next login
   * replaces it.
   */
  isOutdated(stored: string): boolean {
    return !isHashStrongEnough(stored, this.config.argon2);
  }
}

/** Cost of an argon2id hash (RFC 9106). */
interface HashParameters {
  memoryKib: number;
  passes: number;
}

/**
 * Returns a hash with a random salt and key, which no known password matches. Hashing a random password would
 * slow down the start.
 */
function dummyOf({ memoryKib, passes }: HashParameters): string {
  const [salt, key] = [SALT_BYTES, KEY_BYTES].map((bytes) =>
    randomBytes(bytes).toString('base64').replaceAll('=', ''),
  );
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=1$${salt}$${key}`;
}

/** Whether a hash is an argon2id PHC string with at least the cost `wanted`. */
function isHashStrongEnough(hash: string, wanted: HashParameters): boolean {
  const [, memory, passes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=\d+\$/.exec(hash) ?? [];
  return Number(memory) >= wanted.memoryKib && Number(passes) >= wanted.passes;
}
