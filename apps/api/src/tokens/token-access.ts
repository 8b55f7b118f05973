import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { type EpochMilliseconds } from '../common/clock.js';
import { type Principal } from '../common/principal.js';
import { type WriteTransaction } from '../database/writes.js';
import { RolesRepository } from '../roles/roles.repository.js';
import { Actors } from '../users/actors.js';
import { stateOf } from './token-state.js';
import { TokensRepository, type OwnedToken } from './tokens.repository.js';

/** Who may see and change which token: its owner, and who may see or change all of them. */
@Injectable()
export class TokenAccess {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly roles: RolesRepository,
    private readonly actors: Actors,
  ) {}

  /** A token that somebody may see. @throws ApplicationError `not_found`, alike for unknown and hidden. */
  async getReadable(id: string, actor: Principal): Promise<OwnedToken> {
    const token = await this.tokens.findById(id);
    if (!token || !(isOwn(token, actor) || actor.permissions.has('tokens:read'))) {
      throw noSuchToken();
    }
    return token;
  }

  /**
   * A token that somebody may change, as of a transaction; in which, if it is another's, authority stays as it is.
   *
   * @throws ApplicationError `not_found`, alike for unknown and hidden, or `forbidden` to who sees it only.
   */
  async getWritable(id: string, actor: Principal, tx: WriteTransaction): Promise<OwnedToken> {
    let token = await this.tokens.findById(id, tx);
    if (token && !isOwn(token, actor)) {
      checkMayWrite(actor);
      // Only now, so that it is taken before any row, and not for the sake of one's own.
      await this.roles.lockAuthority(tx);
      checkMayWrite(await this.actors.asOf(actor, tx));
      token = await this.tokens.findById(id, tx);
    }
    if (!token) {
      throw noSuchToken();
    }
    return token;
  }
}

/** Whether a token belongs to somebody. */
export function isOwn({ userId }: { userId: string }, actor: Principal): boolean {
  return userId === actor.id;
}

/** @throws ApplicationError `conflict` for a token that is revoked or expired: it has no life to change. */
export function checkNotOver(token: OwnedToken, now: EpochMilliseconds): void {
  if (isOver(token, now)) {
    throw new ApplicationError('conflict', { detail: 'The token has ended and stays so; make a new one.' });
  }
}

/** Whether a token is revoked or expired. */
export function isOver(
  token: Parameters<typeof stateOf>[0] & { user: Parameters<typeof stateOf>[1] },
  now: EpochMilliseconds,
): boolean {
  return ['revoked', 'expired'].includes(stateOf(token, token.user, now));
}

/** What is said of a token that is not there, or not to be seen. */
export function noSuchToken(): ApplicationError {
  return new ApplicationError('not_found', {
    detail: 'There is no such token, or none that you may see; it may have ended already.',
  });
}

/** Who sees a token that they may not change is told so; to who does not, it is not there. */
function checkMayWrite(actor: Principal): void {
  if (actor.permissions.has('tokens:write')) {
    return;
  }
  throw actor.permissions.has('tokens:read')
    ? new ApplicationError('forbidden', { detail: 'This needs tokens:write.' })
    : noSuchToken();
}
