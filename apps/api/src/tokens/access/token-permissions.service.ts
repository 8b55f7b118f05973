import { Injectable } from '@nestjs/common';
import { type ProblemErrorDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { type Grants, grantsAbove, GrantsReader } from '../../permissions/grants.service.js';
import { intersectScopes, readScope, scopeMembers, type Scope, toScope } from '../../permissions/scope.js';
import { RolesService } from '../../permissions/roles/roles.service.js';
import { EscalationPolicy } from '../../permissions/escalation-policy.service.js';
import { isOwn } from './token-access.service.js';
import { type Token } from '../model/token.entity.js';

const SCOPE_LIMITED =
  'the scope was reduced: users who know the secret of this token cannot grant the rest; see permissions and roles';

/** Permissions and roles that a request limits a token to; `null` or absent = no limit. */
export interface RequestedScope {
  readonly permissions?: readonly string[] | null;
  readonly roles?: readonly string[] | null;
}

/** Columns of a token that limit who may know its secret. */
type ScopedToken = Pick<Token, 'id' | 'userId' | 'scope'>;

/**
 * Permissions of tokens. Prevents privilege escalation: no actor gets a token with permissions beyond its
 * own.
 */
@Injectable()
export class TokenPermissions {
  constructor(
    private readonly roles: RolesService,
    private readonly escalation: EscalationPolicy,
    private readonly grants: GrantsReader,
  ) {}

  /**
   * Checks that the permissions and roles in a request exist and that the actor may grant them, before the
   * user of the token is known.
   *
   * @param kept scope of the token, whose permissions and roles are not checked again.
   * @throws ApplicationError `validation_failed` naming unknown ones, or `above_your_permissions`.
   */
  async checkRequested(
    { permissions, roles }: RequestedScope,
    actor: Principal,
    tx?: WriteTransaction,
    kept: RequestedScope = {},
  ): Promise<void> {
    await this.roles.checkPermissions(permissions ?? [], actor, tx, new Set(kept.permissions));
    await this.roles.checkGrantable(roles ?? [], actor, tx, new Set(kept.roles));
  }

  /**
   * Does the same check for a token that the actor creates or widens. It accepts all permissions and roles in
   * the scope of the presented token, because a new token has them by default.
   * {@link EscalationPolicy.delegableScope} limits the token afterwards.
   *
   * @throws ApplicationError as {@link checkRequested} does.
   */
  async checkForToken(
    requested: RequestedScope,
    actor: Principal,
    tx?: WriteTransaction,
    kept: RequestedScope = {},
  ): Promise<void> {
    const own = ownScope(actor);
    await this.checkRequested(requested, actor, tx, {
      permissions: [...(kept.permissions ?? []), ...(own.permissions ?? [])],
      roles: [...(kept.roles ?? []), ...(own.roles ?? [])],
    });
  }

  /**
   * Checks that the actor may create tokens for a user.
   *
   * @returns the refreshed actor.
   * @throws ApplicationError `above_your_permissions`.
   */
  checkMayIssueFor(userId: string, actor: Principal, tx: WriteTransaction): Promise<Principal> {
    return userId === actor.id
      ? this.escalation.refresh(actor, tx)
      : this.escalation.check(userId, actor, tx);
  }

  /**
   * Locks authority if a scope names permissions or roles, so that none of them is deleted before the
   * transaction ends. Call it before any other read.
   */
  async lockNamed({ permissions, roles }: RequestedScope, tx: WriteTransaction): Promise<void> {
    if (permissions?.length || roles?.length) {
      await this.escalation.lockAuthority(tx);
    }
  }

  /**
   * Returns the stored scope of a new token, and its widest scope: the permissions and roles that its creator
   * can delegate.
   *
   * @param creator actor, as {@link checkMayIssueFor} returned it.
   * @throws ApplicationError `validation_failed` naming permissions and roles that the user does not hold,
   *   or `above_your_permissions` naming those that the creator cannot delegate.
   */
  async scopeOfNewToken(
    userId: string,
    requested: RequestedScope,
    creator: Principal,
    tx: WriteTransaction,
  ): Promise<{ scope: Scope; maxScope: Scope }> {
    const maxScope = await this.escalation.delegableScope(userId, creator, tx);
    await this.checkHeld(userId, requested, tx, userId === creator.id ? ownScope(creator) : {});
    const scope = intersectScopes(scopeFrom(requested), maxScope);
    const given = scopeMembers(scope);
    const withheld = [
      ...(requested.permissions ?? []).filter((name) => !given.permissions?.includes(name)),
      ...(requested.roles ?? []).filter((name) => !given.roles?.includes(name)),
    ];
    if (withheld.length > 0) {
      throw new ApplicationError('above_your_permissions', {
        detail: `The token you use does not have ${withheld.join(', ')}, so it cannot create a token with it.`,
      });
    }
    return { scope, maxScope };
  }

  /**
   * @param kept scope of the token, whose permissions and roles are not checked again.
   * @throws ApplicationError `validation_failed` naming requested permissions and roles that the user does
   *   not hold.
   */
  private async checkHeld(
    userId: string,
    { permissions, roles }: RequestedScope,
    tx: WriteTransaction,
    kept: RequestedScope = {},
  ): Promise<void> {
    if (!permissions && !roles) {
      return;
    }
    const held = await this.grantsOf(userId, tx);
    const errors = [
      ...notHeld('permissions', permissions, new Set([...held.permissions, ...(kept.permissions ?? [])])),
      ...notHeld('roles', roles, new Set([...held.roles, ...(kept.roles ?? [])])),
    ];
    if (errors.length > 0) {
      throw new ApplicationError('validation_failed', { errors });
    }
  }

  /**
   * Returns the changed scope of a token. The actor may always narrow it. To widen it, the actor must be able
   * to issue such a token, and must not present this one.
   *
   * @throws ApplicationError `validation_failed` or `above_your_permissions`.
   */
  async changedScope(
    token: Pick<Token, 'id' | 'userId' | 'scope' | 'maxScope'>,
    { permissions, roles }: RequestedScope,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<{ edit: Pick<Token, 'scope'>; warnings: string[] }> {
    const kept = scopeMembers(token.scope);
    const requested = {
      ...kept,
      ...(permissions !== undefined && { permissions }),
      ...(roles !== undefined && { roles }),
    };
    const scope = scopeFrom(requested);
    const narrowed = intersectScopes(scope, token.scope);
    if (await this.hasRequested(narrowed, scope, kept, token, tx)) {
      await this.checkHeld(token.userId, requested, tx, kept);
      return { edit: { scope: narrowed }, warnings: [] };
    }
    if (token.id === actor.token?.id) {
      throw new ApplicationError('above_your_permissions', {
        detail: 'A token cannot widen its own scope. Use another token, sign in, or ask an administrator.',
      });
    }
    const refreshed = await this.checkMayIssueFor(token.userId, actor, tx);
    await this.checkForToken(requested, refreshed, tx, kept);
    await this.checkHeld(token.userId, requested, tx, kept);
    const delegable = await this.escalation.delegableScope(token.userId, refreshed, tx);
    const widened = intersectScopes(intersectScopes(scope, token.maxScope), delegable);
    return { edit: { scope: widened }, warnings: widened === scope ? [] : [SCOPE_LIMITED] };
  }

  /**
   * Whether a narrowed scope still has all requested permissions and roles. If only the permissions of some
   * roles count, each requested permission must be one of them.
   */
  private async hasRequested(
    narrowed: Scope,
    requested: Scope,
    kept: RequestedScope,
    { userId }: Pick<Token, 'userId'>,
    tx: WriteTransaction,
  ): Promise<boolean> {
    if (narrowed === requested) {
      return true;
    }
    const [given, wanted] = [readScope(narrowed), readScope(requested)];
    const { permissions } = this.grants.read(await this.textOf(userId, tx), narrowed);
    const effective = new Set([...permissions, ...(kept.permissions ?? [])]);
    return (
      wanted.sources === null &&
      isSame(given.permissions, wanted.permissions) &&
      isSame(given.roles, wanted.roles) &&
      [...(wanted.permissions ?? [])].every((permission) => effective.has(permission))
    );
  }

  /**
   * Checks that the actor may know the secret of a token, enable it or extend it: the token has no permission
   * that the presented one lacks.
   *
   * @returns the refreshed actor.
   * @throws ApplicationError `above_your_permissions`.
   */
  async checkNotAbove(token: ScopedToken, actor: Principal, tx: WriteTransaction): Promise<Principal> {
    const refreshed = await this.checkMayIssueFor(token.userId, actor, tx);
    if (!isOwn(token, actor)) {
      return refreshed;
    }
    const above = this.aboveOwn(token, refreshed, await this.textOf(actor.id, tx));
    if (above.length > 0) {
      throw new ApplicationError('above_your_permissions', {
        detail: `That token has ${above.join(', ')}, which the token you use does not have. Use a token that does.`,
      });
    }
    return refreshed;
  }

  /**
   * Returns the scopes of a token after a rotation, once the actor knows its secret. {@link checkNotAbove}
   * comes first.
   */
  async scopeAfterRotation(
    { id, userId, scope, maxScope }: Pick<Token, 'id' | 'userId' | 'scope' | 'maxScope'>,
    refreshed: Principal,
    tx: WriteTransaction,
  ): Promise<{ scope: Scope; maxScope: Scope }> {
    if (id === refreshed.token?.id) {
      // A token that rotates itself. Only the client that knew the old secret learns the new one.
      return { scope, maxScope };
    }
    const delegable = await this.escalation.delegableScope(userId, refreshed, tx);
    return {
      scope: intersectScopes(scope, delegable),
      maxScope: intersectScopes(maxScope, delegable),
    };
  }

  /** Returns the ids of the tokens that {@link checkNotAbove} rejects for a refreshed actor. */
  async findMorePowerful(
    tokens: readonly ScopedToken[],
    refreshed: Principal,
    tx: WriteTransaction,
  ): Promise<ReadonlySet<string>> {
    const owners = new Set(tokens.map(({ userId }) => userId).filter((id) => id !== refreshed.id));
    const aboveOwners = await this.escalation.findMorePowerful([...owners], refreshed, tx);
    const held = await this.textOf(refreshed.id, tx);
    const above = tokens.filter((token) =>
      isOwn(token, refreshed)
        ? this.aboveOwn(token, refreshed, held).length > 0
        : aboveOwners.has(token.userId),
    );
    return new Set(above.map(({ id }) => id));
  }

  /** Returns the current permissions and roles of a token of the actor that the presented token lacks. */
  private aboveOwn(token: ScopedToken, actor: Principal, text: string | null): string[] {
    const limit = actor.token?.scope ?? null;
    if (limit === null || token.id === actor.token?.id) {
      return [];
    }
    // Reads both tokens with current grants, so that a role gained since the request began counts for each of
    // them.
    const { roles, permissions } = this.grants.read(text, limit);
    return grantsAbove({ ...actor, roles, permissions }, this.grants.read(text, token.scope));
  }

  private async grantsOf(userId: string, tx: WriteTransaction): Promise<Grants> {
    return this.grants.read(await this.textOf(userId, tx));
  }

  private async textOf(userId: string, tx: WriteTransaction): Promise<string | null> {
    return (await this.escalation.grantsOf([userId], tx)).get(userId) ?? null;
  }
}

/** Returns the permissions and roles that the scope of the presented token names. */
function ownScope({ token }: Principal): RequestedScope {
  return scopeMembers(token?.scope ?? null);
}

function notHeld(
  member: keyof RequestedScope,
  names: readonly string[] | null | undefined,
  held: ReadonlySet<string>,
): ProblemErrorDto[] {
  return (names ?? []).flatMap((name, index) => {
    const what = member === 'roles' ? `the role ${name}` : name;
    const message = `the user does not have ${what}, so the token cannot have it either`;
    return held.has(name) ? [] : [{ pointer: `/${member}/${index}`, code: 'not_held', message }];
  });
}

/**
 * Returns the stored form of a requested scope. With permissions alone, a token has no roles. With roles
 * alone, it has them and the permissions that they grant.
 */
export function scopeFrom({ permissions = null, roles = null }: RequestedScope): Scope {
  return permissions === null
    ? toScope({ permissions, roles, sources: roles })
    : toScope({ permissions, roles: roles ?? [] });
}

function isSame(one: ReadonlySet<string> | null, other: ReadonlySet<string> | null): boolean {
  return one?.size === other?.size && [...(one ?? [])].every((value) => other?.has(value));
}
