import { Injectable } from '@nestjs/common';
import { type EpochMilliseconds } from '../common/clock.service.js';
import { type WriteTransaction } from '../platform/database/writes.service.js';
import { type AccountFinder } from '../throttle/throttle-audit.service.js';
import { type User } from './model/user.entity.js';
import { UsersRepository } from './model/users.repository.js';

/** Users as owners of tokens and as accounts that log in, for the modules above. */
@Injectable()
export class UsersService implements AccountFinder {
  constructor(private readonly repository: UsersRepository) {}

  /** Returns the user with this canonical name. */
  findByName(name: string): Promise<User | null> {
    return this.repository.findByName(name);
  }

  /** Returns the users with these ids, without deleted ones. */
  findByIds(ids: readonly string[]): Promise<User[]> {
    return this.repository.findByIds(ids);
  }

  /** Returns a user by name in any spelling. @throws ApplicationError `not_found`. */
  getByName(name: string, tx?: WriteTransaction): Promise<User> {
    return this.repository.getByName(name, tx);
  }

  /**
   * Returns a user and locks the row until the transaction ends, so that tokens can be counted and revoked.
   */
  lock(id: string, tx: WriteTransaction): Promise<User | null> {
    return this.repository.lock(id, tx);
  }

  /**
   * Sets the time of the last login and returns the user's `tokensRevokedBefore` as of this transaction.
   *
   * @throws ApplicationError `unauthenticated` if the user has just been deleted or disabled.
   */
  touchLogin(id: string, now: EpochMilliseconds, tx: WriteTransaction): Promise<EpochMilliseconds> {
    return this.repository.touchLogin(id, now, tx);
  }

  /**
   * Stores the network of a login after {@link touchLogin}. Returns whether it is new for the user, who has
   * logged in from others.
   */
  addLoginNetwork(
    id: string,
    address: string,
    now: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<boolean> {
    return this.repository.addLoginNetwork(id, address, now, tx);
  }

  /** Revokes all existing tokens of some users, or of all. */
  revokeTokens(ids: readonly string[] | 'all', tx: WriteTransaction): Promise<void> {
    return this.repository.revokeTokens(ids, tx);
  }
}
