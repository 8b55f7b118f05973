import { Injectable } from '@nestjs/common';
import { UserBulkService } from '../../administration/user-bulk.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/principal.js';
import { RevocationsService } from '../../tokens/revocations.service.js';
import { UserRevocationsService } from '../../tokens/user-revocations.service.js';
import { type Command, type CommandRun } from '../command.js';

/** What to end: one token, all of a user, or all there are. */
export type RevokeOptions = { id: string; descendants: boolean } | { user: string } | { all: true };

/** What was ended. */
export type Revoked = RevokeOptions & {
  /** Of how many users all tokens were ended. */
  users?: number;
};

/** Ends tokens: from the next request on they are refused. */
@Injectable()
export class RevokeCommand implements Command<RevokeOptions, Revoked> {
  readonly name = 'revoke';

  constructor(
    private readonly revocations: RevocationsService,
    private readonly userRevocations: UserRevocationsService,
    private readonly users: UserBulkService,
  ) {}

  async run(options: RevokeOptions, { actor }: CommandRun): Promise<Revoked> {
    if ('id' in options) {
      await this.revocations.revoke(options.id, { descendants: options.descendants }, actor);
      return options;
    }
    if ('user' in options) {
      await this.userRevocations.revokeAllOf(options.user, actor);
      return options;
    }
    return { ...options, users: await this.revokeAll(actor) };
  }

  /** Ends the tokens of every user, and returns how many users those are. */
  private async revokeAll(actor: Principal): Promise<number> {
    // However many there are: whoever asks for all has no number in mind.
    const everybody = { filter: {}, expectedCount: Number.MAX_SAFE_INTEGER };
    const done = await this.users.run({ action: 'revokeTokens', ...everybody }, actor);
    const results = 'results' in done ? done.results : [];
    // Who was deleted meanwhile has no tokens either.
    const left = results.filter(({ code }) => code !== undefined && code !== 'not_found');
    if (left.length > 0) {
      throw new ApplicationError('unavailable', {
        detail: `The tokens of ${left.length} of ${done.count} users could not be ended (${left[0]?.code}): try again.`,
      });
    }
    return done.count;
  }
}
