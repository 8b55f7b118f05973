import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../../common/application-error.js';
import { type Principal } from '../../../common/request/principal.js';
import { type WriteTransaction } from '../../../platform/database/writes.js';
import { type Grants, grantsAbove, GrantsReader } from '../../permissions/grants.js';
import { toScope, intersectPermissions, intersectScopes } from '../../permissions/scope.js';
import { RolesService } from '../../roles/roles.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.js';
import { UserRolesRepository } from '../../users/model/user-roles.repository.js';
import { isOwn } from './token-access.js';
import { type Token } from '../model/token.entity.js';

/** Columns of a token that limit who may know its secret. */
type ScopedToken = Pick<Token, 'id' | 'userId' | 'permissions'>;

/** Permissions of tokens. Prevents privilege escalation: no actor gets a token with permissions beyond its own. */
@Injectable()
export class TokenPermissions {
  constructor(
    private readonly roles: RolesService,
    private readonly escalation: EscalationPolicy,
    private readonly userRoles: UserRolesRepository,
    private readonly grants: GrantsReader,
  ) {}

  /**
   * Checks the permissions that a request limits a new token to, before its user is known.
   *
   * @throws ApplicationError `validation_failed` naming unknown permissions, or `above_your_permissions`.
   */
  checkRequested(requested: readonly string[] = [], actor: Principal): void {
    this.roles.checkPermissions(requested, actor);
  }

  /**
   * Checks that the actor may create tokens for a user.
   *
   * @returns the refreshed actor, or the actor unchanged for its own tokens.
   * @throws ApplicationError `above_your_permissions`.
   */
  checkMayIssueFor(userId: string, actor: Principal, tx: WriteTransaction): Promise<Principal> {
    return userId === actor.id ? Promise.resolve(actor) : this.escalation.check(userId, actor, tx);
  }

  /**
   * Returns the stored scope of a new token: the requested permissions, or else those that the creator can delegate.
   *
   * @param creator actor, as {@link checkMayIssueFor} returned it.
   * @throws ApplicationError `validation_failed` naming the permissions that the user does not hold.
   */
  async scopeOfNewToken(
    userId: string,
    requested: readonly string[] | undefined,
    creator: Principal,
    tx: WriteTransaction,
  ): Promise<string | null> {
    const delegableScope = this.escalation.delegableScope(userId, creator);
    if (requested === undefined) {
      return delegableScope;
    }
    const { permissions: held } = await this.grantsOf(userId, tx);
    const errors = requested.flatMap((permission, index) => {
      const message = `the user does not hold ${permission}, so the token cannot either`;
      return held.has(permission) ? [] : [{ pointer: `/permissions/${index}`, code: 'not_held', message }];
    });
    if (errors.length > 0) {
      throw new ApplicationError('validation_failed', { errors });
    }
    // The creator holds the requested permissions, so of its scope only the limit on roles matters.
    return intersectScopes(toScope(requested, null), delegableScope);
  }

  /**
   * Checks that the actor may know the secret of a token, enable it or extend it: the token has no permission that the presented
   * one lacks.
   *
   * @returns the refreshed actor, or the actor unchanged for its own token.
   * @throws ApplicationError `above_your_permissions`.
   */
  async checkNotAbove(token: ScopedToken, actor: Principal, tx: WriteTransaction): Promise<Principal> {
    if (!isOwn(token, actor)) {
      return this.escalation.check(token.userId, actor, tx);
    }
    const above = aboveOwn(token, actor, await this.grantsOf(actor.id, tx));
    if (above.length > 0) {
      throw new ApplicationError('above_your_permissions', {
        detail: `That token has ${above.join(', ')}, which the token you use does not have. Use a token that does.`,
      });
    }
    return actor;
  }

  /** Returns the scope of a token after a rotation, once the actor knows its secret. {@link checkNotAbove} comes first. */
  scopeAfterRotation({ userId, permissions }: ScopedToken, present: Principal): string | null {
    return intersectScopes(permissions, this.escalation.delegableScope(userId, present));
  }

  /** Returns the ids of the tokens that {@link checkNotAbove} rejects for a refreshed actor. */
  async findAbove(
    tokens: readonly ScopedToken[],
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

/** Returns the current permissions of a token of the actor that the presented token lacks. */
function aboveOwn(token: ScopedToken, actor: Principal, held: Grants): string[] {
  const limit = actor.token?.limit ?? null;
  if (limit === null || token.id === actor.token?.id) {
    return [];
  }
  // Both with current grants: a role gained since the request began counts for either token.
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
