import { Injectable } from '@nestjs/common';
import { RevocationsService } from '../../tokens/revocations.service.js';
import { UserRevocationsService } from '../../tokens/user-revocations.service.js';
import { type Command, type CommandRun } from '../command.js';

/** What to end: one token, all of a user, or all there are. */
export type RevokeOptions = { id: string; descendants: boolean } | { user: string };

/** Ends tokens: from the next request on they are refused. */
@Injectable()
export class RevokeCommand implements Command<RevokeOptions, RevokeOptions> {
  readonly name = 'revoke';

  constructor(
    private readonly revocations: RevocationsService,
    private readonly userRevocations: UserRevocationsService,
  ) {}

  async run(options: RevokeOptions, { actor }: CommandRun): Promise<RevokeOptions> {
    if ('id' in options) {
      await this.revocations.revoke(options.id, { descendants: options.descendants }, actor);
    } else {
      await this.userRevocations.revokeAllOf(options.user, actor);
    }
    return options;
  }
}
