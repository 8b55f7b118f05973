import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../../common/application-error.js';
import { type Principal } from '../../../common/request/principal.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { GrantsReader, type Grants } from '../../permissions/grants.js';
import { toScope, intersectPermissions, intersectScopes } from '../../permissions/scope.js';
import { grantsAbove } from '../../permissions/grants-above.js';
import { RolesService } from '../../roles/roles.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.js';
import { UserRolesRepository } from '../../users/model/user-roles.repository.js';
import { isOwn } from './token-access.js';
import { type Token } from '../model/token.entity.js';

/** What of a token decides about who may hold it. */
type JudgedToken = Pick<Token, 'id' | 'userId' | 'permissions'>;

/** What tokens may do, and who may hold such a token: nobody whose own token may do less. */
@Injectable()
export class TokenPermissions {
  constructor(
    private readonly roles: RolesService,
    private readonly escalation: EscalationPolicy,
    private readonly userRoles: UserRolesRepository,
    private readonly grants: GrantsReader,
  ) {}

  /**
   * Checks what a token is wished to be limited to, before it is known whose it is to be.
   *
   * @throws ApplicationError `validation_failed` naming unknown permissions, or `above_your_permissions`.
   */
  checkRequested(requested: readonly string[] = [], actor: Principal): void {
    this.roles.checkPermissions(requested, actor);
  }

  /**
   * Checks that somebody may make tokens of a user.
   *
   * @returns them with what they hold by now.
   * @throws ApplicationError `above_your_permissions`.
   */
  checkMayIssueFor(userId: string, actor: Principal, tx: WriteTransaction): Promise<Principal> {
    return userId === actor.id ? Promise.resolve(actor) : this.escalation.check(userId, actor, tx);
  }

  /**
   * What a new token is limited to, as it is stored: what is wished, or else what its maker may hand on.
   *
   * @param maker whoever makes it, as {@link checkMayIssueFor} has read them.
   * @throws ApplicationError `validation_failed` naming what its user does not hold.
   */
  async limitOf(
    userId: string,
    requested: readonly string[] | undefined,
    maker: Principal,
    tx: WriteTransaction,
  ): Promise<string | null> {
    const delegableScope = this.escalation.delegableScope(userId, maker);
    if (requested === undefined) {
      return delegableScope;
    }
    const { permissions: held } = await this.grantsOf(userId, tx);
    const errors = requested.flatMap((permission, index) => {
      const message = `the user does not hold ${permission}, so no token of theirs can`;
      return held.has(permission) ? [] : [{ pointer: `/permissions/${index}`, code: 'not_held', message }];
    });
    if (errors.length > 0) {
      throw new ApplicationError('validation_failed', { errors });
    }
    // The maker holds what is wished, so that only the limit on roles is left of the other.
    return intersectScopes(toScope(requested, null), delegableScope);
  }

  /**
   * Checks that somebody may have the secret of a token, or make it work again or longer: it can do nothing that they
   * cannot do with theirs.
   *
   * @returns them with what they hold by now, unless the token is their own.
   * @throws ApplicationError `above_your_permissions`.
   */
  async checkNotAbove(token: JudgedToken, actor: Principal, tx: WriteTransaction): Promise<Principal> {
    if (!isOwn(token, actor)) {
      return this.escalation.check(token.userId, actor, tx);
    }
    const above = aboveOwn(token, actor, await this.grantsOf(actor.id, tx));
    if (above.length > 0) {
      throw new ApplicationError('above_your_permissions', {
        detail: `That token may do ${above.join(', ')} and the one you use may not; use one that may.`,
      });
    }
    return actor;
  }

  /** What is left of a token's limit once somebody has its secret whom {@link checkNotAbove} lets have it. */
  scopeAfterRotation({ userId, permissions }: JudgedToken, present: Principal): string | null {
    return intersectScopes(permissions, this.escalation.delegableScope(userId, present));
  }

  /** Ids of those of some tokens that {@link checkNotAbove} refuses to an actor who has been read in the transaction. */
  async findAbove(
    tokens: readonly JudgedToken[],
    present: Principal,
    tx: WriteTransaction,
  ): Promise<ReadonlySet<string>> {
    const owners = new Set(tokens.map(({ userId }) => userId).filter((id) => id !== present.id));
    const aboveOwners = await this.escalation.findAbove([...owners], present, tx);
    const held = await this.grantsOf(present.id, tx);
    const above = tokens.filter((token) =>
      isOwn(token, present) ? aboveOwn(token, present, held).length > 0 : aboveOwners.has(token.userId),
    );
    return new Set(above.map(({ id }) => id));
  }

  private async grantsOf(userId: string, tx: WriteTransaction): Promise<Grants> {
    const grants = await this.userRoles.grantsOf([userId], tx);
    return this.grants.read(grants.get(userId) ?? null);
  }
}

/** Returns what a token of the actor's own may do that the presented one may not, of what the actor holds now. */
function aboveOwn(token: JudgedToken, actor: Principal, held: Grants): string[] {
  const limit = actor.token?.limit ?? null;
  if (limit === null || token.id === actor.token?.id) {
    return [];
  }
  // Both as of now: a role gained since the request began counts for either token.
  const present = { ...actor, permissions: intersectPermissions(held.permissions, limit) };
  return grantsAbove(
    present,
    token.permissions === null
      ? held
      : {
          roles: [],
          permissions: intersectPermissions(held.permissions, token.permissions),
          unknownPermissions: [],
        },
  );
}
