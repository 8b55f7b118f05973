import { createHash, randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Pseudonyms } from '../../audit/keys/audit-keys.service.js';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { readInParts } from '../../common/in-parts.js';
import { costOf } from '../../platform/crypto/password-schemes.js';
import { Passwords } from '../../platform/crypto/passwords.service.js';
import { Writes } from '../../platform/database/writes.service.js';
import { LOGGER, logFailure, type Logger } from '../../platform/logging/logger.js';
import { type LoginRecord, UserPasswordsRepository } from './user-passwords.repository.js';

/** Maximum number of costs in memory. Imports add only a few; more would slow down the choice. */
const COSTS_MAX = 100;

/** The costs are read again after a minute, or after a hundred times the duration of the last read. */
const FRESH_MILLISECONDS = 60_000;
const READING_SHARE = 100;

/** Number of characters at the end of a hash that belong to the key in every scheme. */
const KEY_LENGTH = 20;
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Hashes of one cost. */
interface Cost {
  readonly dummy: string;
  count: number;
}

/**
 * Hashes to verify the passwords of unknown users against, so that timing does not reveal which users exist.
 * While the cost is being raised, or after an import, stored hashes take different times. Unknown names are
 * therefore distributed over the stored costs as known ones are. The cost of a name depends on a secret key,
 * and changes only with the weights.
 */
@Injectable()
export class DummyHashes {
  private costs: ReadonlyMap<string, Cost> = new Map();
  private reading: Promise<void> | undefined;
  private readAgainTime: EpochMilliseconds = 0;

  constructor(
    private readonly passwords: UserPasswordsRepository,
    private readonly pseudonyms: Pseudonyms,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Returns the dummy for a name, or `undefined` if no user has a password. Call it for known names as well,
   * so that the time is the same.
   */
  async of(name: string): Promise<string | undefined> {
    if (this.clock.now() >= this.readAgainTime) {
      this.refresh();
    }
    if (this.costs.size === 0) {
      await this.reading;
    }
    return this.choose(this.pseudonyms.of(`cost:${name}`));
  }

  /**
   * Chooses by weighted rendezvous hashing: names move only to a cost that gains weight, never between two
   * others.
   */
  private choose(pseudonym: string): string | undefined {
    let chosen: { dummy: string; score: number } | undefined;
    for (const [cost, { dummy, count }] of this.costs) {
      const drawn = createHash('sha256').update(`${pseudonym}${cost}`).digest().readUInt32BE();
      const score = -Math.log((drawn + 0.5) / 2 ** 32) / count;
      if (!chosen || score < chosen.score) {
        chosen = { dummy, score };
      }
    }
    return chosen?.dummy;
  }

  private refresh(): void {
    this.reading ??= this.read()
      .catch((err: unknown) => {
        this.readAgainTime = this.clock.now() + FRESH_MILLISECONDS;
        logFailure(this.logger, { err }, 'Could not read the costs of stored password hashes');
      })
      .finally(() => (this.reading = undefined));
  }

  private async read(): Promise<void> {
    const startTime = this.clock.now();
    const costs = new Map<string, Cost>();
    const parts = readInParts<{ id: string; passwordHash: string }>((last, limit) =>
      this.passwords.findHashes(last?.id, limit),
    );
    for await (const part of parts) {
      part.forEach(({ passwordHash }) => count(passwordHash, costs));
    }
    this.costs = costs;
    const now = this.clock.now();
    this.readAgainTime = now + Math.max(FRESH_MILLISECONDS, READING_SHARE * (now - startTime));
  }
}

function count(hash: string, costs: Map<string, Cost>): void {
  const cost = costOf(hash);
  const known = costs.get(cost);
  if (known) {
    known.count += 1;
  } else if (costs.size < COSTS_MAX) {
    costs.set(cost, { dummy: withRandomKey(hash), count: 1 });
  }
}

/**
 * Returns the hash with a random key that matches no password. Keeps the last character: not all are valid
 * there.
 */
function withRandomKey(hash: string): string {
  const key = Array.from({ length: KEY_LENGTH }, () => DIGITS[randomInt(DIGITS.length)]).join('');
  return hash.slice(0, -KEY_LENGTH - 1) + key + hash.slice(-1);
}

/**
 * Finds the users of logins. Verifies their passwords with one query and one hash, whether or not the user
 * exists.
 */
@Injectable()
export class LoginPasswords {
  constructor(
    private readonly users: UserPasswordsRepository,
    private readonly passwords: Passwords,
    private readonly dummies: DummyHashes,
    private readonly writes: Writes,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Returns the user with this name, if any, and whether the password is right.
   *
   * @param isName whether the name is a valid one, which a user can have.
   * @param before awaited before the password is hashed; if it fails, nothing is hashed.
   */
  async verify(
    name: string,
    isName: boolean,
    password: string,
    before: () => Promise<void>,
  ): Promise<{ user: LoginRecord | null; isMatch: boolean }> {
    const user = isName ? await this.users.findForLogin(name) : null;
    const dummy = await this.dummies.of(name);
    const isMatch = await this.passwords.verify(user?.passwordHash ?? null, password, before, dummy);
    return { user, isMatch };
  }

  /** Returns the user with this id, for a login without a password. */
  find(id: string): Promise<LoginRecord | null> {
    return this.users.findForLoginById(id);
  }

  /** Replaces a hash that is weaker than configured. */
  async rehashIfOutdated({ id, passwordHash: outdated }: LoginRecord, password: string): Promise<void> {
    if (outdated === null || !this.passwords.isOutdated(outdated)) {
      return;
    }
    try {
      const passwordHash = await this.passwords.hash(password);
      await this.writes.transaction((tx) => this.users.replaceHash(id, outdated, passwordHash, tx), 'none');
    } catch (err) {
      // The login must not fail: the next one can replace the hash.
      logFailure(this.logger, { err }, 'A password hash could not be replaced with a stronger one');
    }
  }
}
