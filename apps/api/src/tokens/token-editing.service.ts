import { Injectable } from '@nestjs/common';
import { type UpdateTokenDto, type UserTokenDto } from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { type EpochMilliseconds } from '../common/clock.service.js';
import { type Principal } from '../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../common/request/version-condition.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.service.js';
import { NewTokens } from './issue/new-tokens.service.js';
import { checkLive, rejectCanary, TokenAccess } from './access/token-access.service.js';
import { type UseLimitColumns } from './model/use-limits.js';
import { TokenUpdates } from './access/token-updates.service.js';
import { NO_SUPERSEDED_SECRET, type Token } from './model/token.entity.js';
import { isRenewable } from './model/token-state.js';
import {
  checkMayEnable,
  TokenLifetimePolicy,
  type RequestedExpiry,
} from './model/token-lifetime-policy.service.js';
import { changedUseLimits, checkBeforeExpiry, checkMayHold, USE_LIMITS } from './access/use-limit-rules.js';
import { TokenPermissions } from './access/token-permissions.service.js';
import { toUserTokenDto } from './model/token.mapper.js';
import { ownerIdsOf, type OwnedToken } from './model/tokens.repository.js';

/** Columns that an update changes. */
type TokenEdit = Partial<Omit<Token, 'user'>>;

/** Updates single tokens. */
@Injectable()
export class TokenEditingService {
  constructor(
    private readonly access: TokenAccess,
    private readonly updates: TokenUpdates,
    private readonly permissions: TokenPermissions,
    private readonly newTokens: NewTokens,
    private readonly lifetimes: TokenLifetimePolicy,
    private readonly writes: Writes,
  ) {}

  /**
   * Changes the note, expiry or scope of a token, or enables or disables it. A new expiry renews an expired
   * API token. The actor must hold the permissions of a token that it enables or extends. A narrower scope
   * narrows the tokens that were created with the token too. A patch without changes keeps the version and
   * adds no audit entry.
   *
   * @throws ApplicationError `validation_failed`, `not_found`, `forbidden`, `above_your_permissions`,
   *   `conflict`, or the error of the condition.
   */
  async update(
    id: string,
    dto: UpdateTokenDto,
    condition: VersionCondition,
    actor: Principal,
  ): Promise<UserTokenDto> {
    const { requested, now } = this.lifetimes.parse(dto);

    const changesScope = dto.permissions !== undefined || dto.roles !== undefined;

    const { changed } = await this.writes.transaction(
      async (tx) => {
        await this.permissions.lockNamed(dto, tx);
        if (requested !== undefined) {
          await this.access.checkWritable(id, actor, tx);
          await this.newTokens.lockOwnerOfRenewed(id, now, tx);
        }
        const token =
          changesScope || dto.allowedAddresses
            ? await this.access.getWritableTree(id, actor, tx)
            : await this.access.getWritable(id, actor, tx);
        const isRenewal = requested !== undefined && isRenewable(token, token.user, now);
        if (isRenewal || enablesOrExtends(token, dto.enabled, requested)) {
          await this.permissions.checkNotAbove(token, actor, tx);
        }
        if (!isRenewal) {
          checkLive(token, now);
        }
        checkVersion(condition, token.version);
        if (
          requested !== undefined ||
          changesScope ||
          USE_LIMITS.some((member) => dto[member] !== undefined)
        ) {
          rejectCanary(token);
        }

        const { edit, warnings } = await this.plan(token, dto, requested, now, actor, tx);
        const scope = changesScope ? await this.permissions.changedScope(token, dto, actor, tx) : null;
        Object.assign(edit, scope?.edit, await this.changedUseLimits(token, dto, actor, tx));
        warnings.push(...(scope?.warnings ?? []));
        if (edit.notBefore !== undefined || edit.expirationTime !== undefined) {
          checkBeforeExpiry({ ...token, ...edit });
        }
        const narrowing = { scope: changesScope, addresses: Boolean(dto.allowedAddresses) };
        const owners = await this.updates.store(token, edit, narrowing, condition, actor, tx);
        const edited = owners ? { ...token, ...edit, version: token.version + 1 } : token;
        const shown = toUserTokenDto(edited, token.user, now);
        return {
          owners: owners ?? [token],
          changed: { ...shown, ...(warnings.length > 0 && { warnings }) },
        };
      },
      ({ owners }) => ownerIdsOf(owners),
    );
    return changed;
  }

  /** Returns the use limits after a request, or `undefined` if it does not name them. */
  private async changedUseLimits(
    token: OwnedToken,
    dto: UpdateTokenDto,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<UseLimitColumns | undefined> {
    if (USE_LIMITS.every((member) => dto[member] === undefined)) {
      return undefined;
    }
    const presented = await this.access.presentedBy(actor, [token.id], tx);
    return changedUseLimits(token, dto, presented, () => this.permissions.checkNotAbove(token, actor, tx));
  }

  /** Returns the edit for a request, and warnings about deviations from it. */
  private async plan(
    token: OwnedToken,
    { note, enabled }: UpdateTokenDto,
    requested: RequestedExpiry,
    now: EpochMilliseconds,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<{ edit: TokenEdit; warnings: string[] }> {
    const edit: TokenEdit = {
      ...(note !== undefined && { note }),
      ...(enabled !== undefined && { enabled }),
    };
    if (requested === undefined && !enabled) {
      return { edit, warnings: [] };
    }
    const presented = await this.access.presentedBy(actor, [token.id], tx);
    const isRenewal = requested !== undefined && isRenewable(token, token.user, now);
    // If the clock was set back, a token that was rejected as expired can have an expiry in the future.
    const current = isRenewal ? Math.min(token.expirationTime ?? now, now) : token.expirationTime;
    if (isRenewal || enablesOrExtends(token, enabled, requested)) {
      checkMayHold(token, presented);
    }
    const { expirationTime, warnings } =
      requested === undefined
        ? { ...token, warnings: [] }
        : this.lifetimes.changed({ ...token, expirationTime: current }, requested, now, presented);
    if (isRenewal && expirationTime !== null && expirationTime <= now) {
      throw new ApplicationError('conflict', {
        detail:
          'This token cannot be renewed, because the token that it was created with has expired. Create a new one.',
      });
    }
    if (enabled && !token.enabled) {
      checkMayEnable({ ...token, expirationTime }, presented);
    }
    if (expirationTime === current) {
      return { edit, warnings };
    }
    const idleExpirationTime =
      token.idleExpirationTime && Math.min(token.idleExpirationTime, expirationTime ?? Infinity);
    Object.assign(edit, { expirationTime, idleExpirationTime, lifeStartTime: now });
    return {
      edit: isRenewal ? { ...edit, revocationReason: null, ...NO_SUPERSEDED_SECRET } : edit,
      warnings,
    };
  }
}

/** Whether a request enables or extends a token. */
function enablesOrExtends(token: Token, enabled: boolean | undefined, requested: RequestedExpiry): boolean {
  const isLater = requested !== undefined && (requested ?? Infinity) > (token.expirationTime ?? Infinity);
  return isLater || (enabled === true && !token.enabled);
}
