import { Injectable } from '@nestjs/common';
import { UserBulkService } from '../../administration/user-bulk.service.js';
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
    // However many there are: whoever asks for all has no number in mind.
    const everybody = { filter: {}, expectedCount: Number.MAX_SAFE_INTEGER };
    const { count } = await this.users.run({ action: 'revokeTokens', ...everybody }, actor);
    return { ...options, users: count };
  }
}
