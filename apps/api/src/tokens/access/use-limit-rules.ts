import { type CreateTokenDto, type UpdateTokenDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type EpochMilliseconds, toRfc3339 } from '../../common/clock.service.js';
import {
  areWithin,
  isSameMetadata,
  readUseLimits,
  toStored,
  withChanges,
  type UseLimitColumns,
  type UseLimits,
} from '../model/use-limits.js';
import { type Token } from '../model/token.entity.js';

// A token cannot bypass its own use limits, by an edit or through another token.

/** Members of a request that change use limits. */
export const USE_LIMITS = ['allowedAddresses', 'notBefore', 'maxUses', 'rateLimit', 'metadata'] as const;

/** Token with use limits. */
type LimitedToken = Pick<Token, 'id' | 'useLimits'>;

/**
 * Returns the use limits of a new token. By default they have the addresses and the metadata of the presented
 * token.
 *
 * @throws ApplicationError `forbidden` if they are wider than those of the presented token, or
 *   `validation_failed`.
 */
export function useLimitsOfNewToken(
  dto: CreateTokenDto,
  expirationTime: EpochMilliseconds | null,
  presented: LimitedToken | null,
): UseLimitColumns {
  const { allowedAddresses, metadata } = readUseLimits(presented?.useLimits ?? null);
  const useLimits = withChanges({ allowedAddresses, metadata }, dto);
  checkNotWider(useLimits, presented);
  const notBefore = parseNotBefore(dto.notBefore) ?? null;
  checkBeforeExpiry({ notBefore, expirationTime });
  return { useLimits: toStored(useLimits), notBefore, usesLeft: useLimits.maxUses ?? null };
}

/**
 * Returns the changed use limits of an API token. Every actor who may change the token may tighten them. To
 * loosen them, the actor needs another token, whose use limits are no narrower.
 *
 * @param checkNotAbove checks that this other token has the permissions of the changed one.
 * @throws ApplicationError `validation_failed` or `forbidden`.
 */
export async function changedUseLimits(
  token: UseLimitColumns & Pick<Token, 'id' | 'kind'>,
  dto: UpdateTokenDto,
  presented: LimitedToken | null,
  checkNotAbove: () => Promise<unknown>,
): Promise<UseLimitColumns> {
  rejectForSession(token, dto);
  const before = readUseLimits(token.useLimits);
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
    await checkNotAbove();
  }
  return { useLimits: toStored(after), notBefore, usesLeft: usesLeftOf(token, before, after) };
}

/**
 * Checks that the presented token may get, enable or extend another token.
 *
 * @throws ApplicationError `forbidden` if the other token would bypass the use limits of the presented one.
 */
export function checkMayHold(token: LimitedToken, presented: LimitedToken | null): void {
  if (token.id !== presented?.id) {
    checkNotWider(readUseLimits(token.useLimits), presented);
  }
}

function checkNotWider(useLimits: UseLimits, presented: LimitedToken | null): void {
  const reason = reasonAgainst(useLimits, readUseLimits(presented?.useLimits ?? null));
  if (reason !== undefined) {
    throw new ApplicationError('forbidden', {
      detail: `${reason} Use another token, sign in, or ask an administrator.`,
    });
  }
}

/** Returns the reason why a token would bypass limits, or `undefined`. */
function reasonAgainst(useLimits: UseLimits, limits: UseLimits): string | undefined {
  if (limits.maxUses !== undefined || limits.rateLimit) {
    return 'The token you use has maxUses or rateLimit, and uses of another token would not count towards them.';
  }
  if (!areWithin(useLimits.allowedAddresses, limits.allowedAddresses)) {
    const addresses = limits.allowedAddresses?.join(', ');
    return `The token you use is limited to ${addresses}. Tokens that it creates or changes must be limited to these addresses too.`;
  }
  return limits.metadata && !isSameMetadata(useLimits.metadata, limits.metadata)
    ? 'The token you use has metadata. Tokens that it creates or changes must have the same metadata.'
    : undefined;
}

/** @throws ApplicationError `validation_failed` if a request limits a session. */
function rejectForSession({ kind }: Pick<Token, 'kind'>, dto: UpdateTokenDto): void {
  const named = USE_LIMITS.filter((member) => dto[member] !== undefined && dto[member] !== null);
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
function isLooser(after: UseLimits, before: UseLimits): boolean {
  return (
    !areWithin(after.allowedAddresses, before.allowedAddresses) ||
    (after.maxUses ?? Infinity) > (before.maxUses ?? Infinity) ||
    isLooserRate(after.rateLimit, before.rateLimit) ||
    !isSameMetadata(after.metadata, before.metadata)
  );
}

/**
 * Whether a change loosens a rate limit. Any other window counts as looser, because its count starts at zero.
 */
function isLooserRate(after: UseLimits['rateLimit'], before: UseLimits['rateLimit']): boolean {
  return (
    before !== undefined && (after?.windowSeconds !== before.windowSeconds || after.limit > before.limit)
  );
}

/** @throws ApplicationError `validation_failed` if the token has been used as often as it may. */
function usesLeftOf({ usesLeft }: UseLimitColumns, before: UseLimits, { maxUses }: UseLimits): number | null {
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
