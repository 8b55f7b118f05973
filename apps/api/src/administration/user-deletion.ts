import { setImmediate as otherWork } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import { Writes, type WriteTransaction } from '../database/writes.js';
import { TokenRemovalRepository } from '../tokens/token-removal.repository.js';
import { UserPasswordsRepository } from '../users/user-passwords.repository.js';
import { UsersRepository } from '../users/users.repository.js';

/** Tokens that go with their user in one statement; more would keep everybody waiting. */
const TOKENS_AT_ONCE = 500;

/** Takes users out of the database with all that is theirs. */
@Injectable()
export class UserDeletion {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: UserPasswordsRepository,
    private readonly tokens: TokenRemovalRepository,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /**
   * Deletes users in the transaction that records it; who has very many tokens is only shut out there.
   *
   * @returns those who are to be finished.
   */
  async begin(ids: readonly string[], tx: WriteTransaction): Promise<string[]> {
    const unfinished = await this.tokens.findOwnersOfMore(TOKENS_AT_ONCE, ids, tx);
    await this.passwords.shutOut(unfinished, this.clock.now(), tx);
    await this.users.delete(
      ids.filter((id) => !unfinished.includes(id)),
      tx,
    );
    return unfinished;
  }

  /**
   * Deletes the tokens of users a few at a time, so that others get their turn between, and then the users. If the server
   * stops meanwhile, they stay shut out, and can be deleted again.
   */
  async finish(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      for (let deleted = TOKENS_AT_ONCE; deleted === TOKENS_AT_ONCE;) {
        deleted = await this.writes.transaction((tx) => this.tokens.deleteSomeOf(id, TOKENS_AT_ONCE, tx));
        // The queue alone would give the others' writes their turn, but not their reads.
        await otherWork();
      }
      await this.writes.transaction((tx) => this.users.delete([id], tx));
    }
  }
}
