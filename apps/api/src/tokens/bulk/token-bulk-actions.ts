import { type AuditAction, type ErrorCode, type TokenBulkRequestDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { type EpochMilliseconds } from '../../common/clock.service.js';
import {
  checkMayEnable,
  type Presented,
  type TokenLifetimePolicy,
} from '../model/token-lifetime-policy.service.js';
import { checkMayHold } from '../access/use-limit-rules.js';
import { isLive } from '../model/token-state.js';
import { type BulkToken, type TokenBulkEdit } from '../model/tokens.repository.js';
import { type BulkPlan } from '../../users/bulk/bulk-engine.service.js';

/** One bulk action on tokens. */
export interface TokenBulkAction {
  readonly auditAction: AuditAction;
  /** Status of the same change to one token alone. */
  readonly status: 200 | 204;
  /**
   * Whether the action gives a token permissions or lifetime, so that the actor must not be less powerful.
   */
  readonly checksEscalation: boolean;
  /**
   * Whether the action requires `tokens:write` for own tokens too, and changes only what administrators see.
   */
  readonly isForAdministrators?: boolean;
  /** Returns the edit of a token, or the code of its rejection. */
  plan(token: BulkToken, presented: Presented | null): BulkPlan<TokenBulkEdit> | ErrorCode;
}

/** Members of every action that keeps the tokens. */
const UPDATE = { auditAction: 'authn_token_updated', status: 200 } as const;

/** Members of the actions on the inbox. The owner of a token alone must not hide an alarm about it. */
const ACKNOWLEDGEMENT = { ...UPDATE, checksEscalation: false, isForAdministrators: true } as const;

/** @throws ApplicationError `validation_failed` if the requested expiry has passed. */
export function tokenBulkAction(
  bulk: TokenBulkRequestDto,
  now: EpochMilliseconds,
  lifetimes: TokenLifetimePolicy,
): TokenBulkAction {
  switch (bulk.action) {
    case 'enable':
      return setEnabled(true, now);
    case 'disable':
      return setEnabled(false, now);
    case 'revoke':
      return {
        auditAction: 'authn_token_revoked',
        status: 204,
        checksEscalation: false,
        plan: (token) =>
          isLive(token, token.user, now)
            ? { change: { revocationReason: 'revoked', revocationTime: now } }
            : 'not_found',
      };
    case 'extend': {
      const requested = lifetimes.parse(bulk).requested ?? null;
      return {
        ...UPDATE,
        checksEscalation: true,
        plan: (token, presented) => {
          if (!isLive(token, token.user, now)) {
            return 'conflict';
          }
          // Limits differ from token to token.
          return orCode(() => {
            checkMayHold(token, presented);
            const { expirationTime, warnings } = lifetimes.changed(token, requested, now, presented);
            const isLater = (expirationTime ?? Infinity) > (token.expirationTime ?? Infinity);
            return isLater ? { change: { expirationTime, lifeStartTime: now }, warnings } : 'conflict';
          });
        },
      };
    }
    case 'acknowledge':
      return acknowledge(now);
    case 'unacknowledge':
      return {
        ...ACKNOWLEDGEMENT,
        plan: ({ acknowledgedTime }) =>
          acknowledgedTime === null ? {} : { change: { acknowledgedTime: null } },
      };
  }
}

/**
 * Acknowledges all events so far. Uses of a canary are written with a delay, so only those that are written
 * count as known.
 */
function acknowledge(now: EpochMilliseconds): TokenBulkAction {
  return {
    ...ACKNOWLEDGEMENT,
    plan: ({ kind, lastUsageTime, creationTime }) => {
      const acknowledgedTime = kind === 'canary' ? (lastUsageTime ?? creationTime) : now;
      return { change: { acknowledgedTime } };
    },
  };
}

function setEnabled(enabled: boolean, now: EpochMilliseconds): TokenBulkAction {
  return {
    ...UPDATE,
    checksEscalation: enabled,
    plan: (token, presented) => {
      if (!isLive(token, token.user, now)) {
        return 'conflict';
      }
      if (token.enabled === enabled) {
        return {};
      }
      return orCode(() => {
        if (enabled) {
          checkMayHold(token, presented);
          checkMayEnable(token, presented);
        }
        return { change: { enabled } };
      });
    },
  };
}

/** Returns the plan, or the code of the error that rejects it. */
function orCode(plan: () => BulkPlan<TokenBulkEdit> | ErrorCode): BulkPlan<TokenBulkEdit> | ErrorCode {
  try {
    return plan();
  } catch (error) {
    if (error instanceof ApplicationError) {
      return error.code;
    }
    throw error;
  }
}
