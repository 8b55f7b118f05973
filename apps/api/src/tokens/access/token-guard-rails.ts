import { Injectable } from '@nestjs/common';
import { type CreateTokenDto, type UpdateTokenDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type EpochMilliseconds, toRfc3339 } from '../../common/clock.js';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.js';
import {
  areWithin,
  intersectAddresses,
  isSameMetadata,
  readGuardRails,
  toStored,
  withChanges,
  type GuardRailColumns,
  type GuardRails,
} from '../model/guard-rails.js';
import { TokenLineageRepository } from '../model/token-lineage.repository.js';
import { type Token } from '../model/token.entity.js';
import { TokenPermissions } from './token-permissions.js';

/** Members of a request that change guard rails. */
export const GUARD_RAILS = ['allowedAddresses', 'notBefore', 'maxUses', 'rateLimit', 'metadata'] as const;

/** Token with guard rails. */
type RailedToken = Pick<Token, 'id' | 'guardRails'>;

/** Guard rails of tokens. A token cannot bypass its own guard rails, by an edit or through another token. */
@Injectable()
export class TokenGuardRails {
  constructor(
    private readonly permissions: TokenPermissions,
    private readonly lineage: TokenLineageRepository,
  ) {}

  /**
   * Returns the guard rails of a new token. By default they have the addresses and the metadata of the presented token.
   *
   * @throws ApplicationError `forbidden` if they are wider than those of the presented token, or `validation_failed`.
   */
  ofNewToken(
    dto: CreateTokenDto,
    expirationTime: EpochMilliseconds | null,
    presented: RailedToken | null,
  ): GuardRailColumns {
    const { allowedAddresses, metadata } = readGuardRails(presented?.guardRails ?? null);
    const rails = withChanges({ allowedAddresses, metadata }, dto);
    checkNotWider(rails, presented);
    const notBefore = parseNotBefore(dto.notBefore) ?? null;
    checkBeforeExpiry({ notBefore, expirationTime });
    return {
      guardRails: toStored(rails),
      notBefore,
      usesLeft: rails.maxUses ?? null,
    };
  }

  /**
   * Returns the changed guard rails of an API token. Every actor who may change the token may tighten them. To loosen them, it
   * needs another token that has the permissions of this one, and no narrower guard rails.
   *
   * @throws ApplicationError `validation_failed`, `forbidden` or `above_your_permissions`.
   */
  async changed(
    token: GuardRailColumns & Pick<Token, 'id' | 'userId' | 'kind' | 'scope'>,
    dto: UpdateTokenDto,
    presented: RailedToken | null,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<GuardRailColumns> {
    rejectForSession(token, dto);
    const before = readGuardRails(token.guardRails);
    const after = withChanges(before, dto);
    const requested = parseNotBefore(dto.notBefore);
    const notBefore = requested === undefined ? token.notBefore : requested;
    if ((notBefore ?? 0) < (token.notBefore ?? 0) || isLooser(after, before)) {
      if (token.id === presented?.id) {
        throw new ApplicationError('forbidden', {
          detail:
            'A token cannot loosen its own limits or change its metadata. Use another token, sign in, or ask an administrator.',
        });
      }
      checkNotWider(after, presented);
      await this.permissions.checkNotAbove(token, actor, tx);
    }
    return { guardRails: toStored(after), notBefore, usesLeft: usesLeftOf(token, before, after) };
  }

  /** Limits the tokens that were created with a token to its addresses. Returns the number of changes. */
  async narrowDescendants({ id, guardRails }: RailedToken, tx: WriteTransaction): Promise<number> {
    const { allowedAddresses } = readGuardRails(guardRails);
    let count = 0;
    while (allowedAddresses) {
      const wider = (await this.lineage.findGuardRailsBelow(id, tx)).filter(
        (token) => !areWithin(readGuardRails(token.guardRails).allowedAddresses, allowedAddresses),
      );
      if (wider.length === 0) {
        break;
      }
      const narrower = wider.map((token) => {
        const rails = readGuardRails(token.guardRails);
        const common = intersectAddresses(rails.allowedAddresses, allowedAddresses);
        return { id: token.id, guardRails: toStored({ ...rails, allowedAddresses: common }) };
      });
      await this.lineage.updateGuardRails(narrower, tx);
      count += wider.length;
      // Repeat, because another token may have been created with one of them while this transaction waited for its row.
    }
    return count;
  }
}

/**
 * Checks that the presented token may get, enable or extend another token.
 *
 * @throws ApplicationError `forbidden` if the other token would bypass the guard rails of the presented one.
 */
export function checkMayHold(token: RailedToken, presented: RailedToken | null): void {
  if (token.id !== presented?.id) {
    checkNotWider(readGuardRails(token.guardRails), presented);
  }
}

function checkNotWider(rails: GuardRails, presented: RailedToken | null): void {
  const reason = reasonAgainst(rails, readGuardRails(presented?.guardRails ?? null));
  if (reason !== undefined) {
    throw new ApplicationError('forbidden', {
      detail: `${reason} Use another token, sign in, or ask an administrator.`,
    });
  }
}

/** Returns the reason why a token would bypass limits, or `undefined`. */
function reasonAgainst(rails: GuardRails, limits: GuardRails): string | undefined {
  if (limits.maxUses !== undefined || limits.rateLimit) {
    return 'The token you use has maxUses or rateLimit, and uses of another token would not count towards them.';
  }
  if (!areWithin(rails.allowedAddresses, limits.allowedAddresses)) {
    const addresses = limits.allowedAddresses?.join(', ');
    return `The token you use is limited to ${addresses}. Tokens that it creates or changes must be limited to these addresses too.`;
  }
  return limits.metadata && !isSameMetadata(rails.metadata, limits.metadata)
    ? 'The token you use has metadata. Tokens that it creates or changes must have the same metadata.'
    : undefined;
}

/** @throws ApplicationError `validation_failed` if a request limits a session. */
function rejectForSession({ kind }: Pick<Token, 'kind'>, dto: UpdateTokenDto): void {
  const named = GUARD_RAILS.filter((member) => dto[member] !== undefined && dto[member] !== null);
  if (kind === 'session' && named.length > 0) {
    throw new ApplicationError('validation_failed', {
      errors: named.map((member) => ({
        pointer: `/${member}`,
        code: 'only_api_tokens',
        message: `only API tokens can have ${member}, not sessions`,
      })),
    });
  }
}

/** Whether a change loosens a limit, or changes metadata. */
function isLooser(after: GuardRails, before: GuardRails): boolean {
  return (
    !areWithin(after.allowedAddresses, before.allowedAddresses) ||
    (after.maxUses ?? Infinity) > (before.maxUses ?? Infinity) ||
    isLooserRate(after.rateLimit, before.rateLimit) ||
    !isSameMetadata(after.metadata, before.metadata)
  );
}

/** Whether a change loosens a rate limit. Any other window counts as looser, because its count starts at zero. */
function isLooserRate(after: GuardRails['rateLimit'], before: GuardRails['rateLimit']): boolean {
  return (
    before !== undefined && (after?.windowSeconds !== before.windowSeconds || after.limit > before.limit)
  );
}

/** @throws ApplicationError `validation_failed` if the token has been used as often as it may. */
function usesLeftOf(
  { usesLeft }: GuardRailColumns,
  before: GuardRails,
  { maxUses }: GuardRails,
): number | null {
  if (maxUses === undefined || maxUses === before.maxUses) {
    return maxUses === undefined ? null : usesLeft;
  }
  const used = before.maxUses === undefined ? 0 : before.maxUses - (usesLeft ?? 0);
  if (maxUses <= used) {
    const message = `maxUses must be greater than the ${used} uses so far. To stop the token, revoke it.`;
    throw new ApplicationError('validation_failed', {
      errors: [{ pointer: '/maxUses', code: 'already_used', message }],
    });
  }
  return maxUses - used;
}

/** @throws ApplicationError `validation_failed` for a leap second. */
function parseNotBefore(text: string | null | undefined): EpochMilliseconds | null | undefined {
  const time = typeof text === 'string' ? Date.parse(text) : text;
  if (Number.isNaN(time)) {
    const message = 'notBefore must not be a leap second';
    throw new ApplicationError('validation_failed', {
      errors: [{ pointer: '/notBefore', code: 'is_rfc3339', message }],
    });
  }
  return time;
}

/** @throws ApplicationError `validation_failed` if the token would expire before it can be used. */
export function checkBeforeExpiry({
  notBefore,
  expirationTime,
}: Pick<Token, 'notBefore' | 'expirationTime'>): void {
  if (notBefore !== null && expirationTime !== null && notBefore >= expirationTime) {
    const message = `notBefore must be before the token expires, ${toRfc3339(expirationTime)}`;
    throw new ApplicationError('validation_failed', {
      errors: [{ pointer: '/notBefore', code: 'after_expiry', message }],
    });
  }
}
