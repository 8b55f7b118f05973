import { Injectable } from '@nestjs/common';
import { canonicalUserName } from '@latchkey/auth-models';
import { UserBulkService } from '../../identity/bulk/users/user-bulk.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { RevocationsService } from '../../identity/tokens/revoke/revocations.service.js';
import { TokenStatsService } from '../../identity/tokens/list/token-stats.service.js';
import { UserRevocationsService } from '../../identity/tokens/revoke/user-revocations.service.js';
import { type Command, type CommandRun } from '../command.js';

/** Tokens to revoke: one token, all tokens of a user, or all tokens. */
export type RevokeOptions = { id: string; descendants: boolean } | { user: string } | { all: true };

/** Revoked tokens. `user` is the canonical name. */
export type Revoked =
  | Exclude<RevokeOptions, { all: true }>
  // Numbers of revoked tokens and of their owners.
  | { all: true; tokens: number; users: number };

/** Revokes tokens, effective with the next request. */
@Injectable()
export class RevokeCommand implements Command<RevokeOptions, Revoked> {
  readonly name = 'revoke';

  constructor(
    private readonly revocations: RevocationsService,
    private readonly userRevocations: UserRevocationsService,
    private readonly users: UserBulkService,
    private readonly figures: TokenStatsService,
  ) {}

  async run(options: RevokeOptions, { actor }: CommandRun): Promise<Revoked> {
    if ('id' in options) {
      await this.revokeOne(options, actor);
      return options;
    }
    if ('user' in options) {
      await this.userRevocations.revokeAllOf(options.user, actor);
      return { user: canonicalUserName(options.user) ?? options.user };
    }
    const owned = await this.figures.countOwned();
    await this.revokeAll(actor);
    return { ...options, ...owned };
  }

  private async revokeOne(
    { id, descendants }: { id: string; descendants: boolean },
    actor: Principal,
  ): Promise<void> {
    try {
      await this.revocations.revoke(id, { descendants }, actor);
    } catch (error) {
      if (error instanceof ApplicationError && error.code === 'not_found') {
        // The API's message says that the token may exist but be hidden from the caller, which is never true here.
        const detail = 'There is no valid token with this id. Run list-tokens to see all valid tokens.';
        throw new ApplicationError('not_found', { detail, cause: error });
      }
      throw error;
    }
  }

  private async revokeAll(actor: Principal): Promise<void> {
    // Disables the check of the expected count: `revoke --all` shows no list beforehand.
    const allUsers = { filter: {}, expectedCount: Number.MAX_SAFE_INTEGER };
    const done = await this.users.run({ action: 'revokeTokens', ...allUsers }, actor);
    const results = 'results' in done ? done.results : [];
    // Users deleted in the meantime have no tokens.
    const left = results.filter(({ code }) => code !== undefined && code !== 'not_found');
    if (left.length > 0) {
      throw new ApplicationError('unavailable', {
        detail: `The tokens of ${left.length} of ${done.count} users could not be revoked (${left[0]?.code}). Run the command again.`,
      });
    }
  }
}
