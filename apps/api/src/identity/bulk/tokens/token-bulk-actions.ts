import { Injectable } from '@nestjs/common';
import { type AuditAction, type ErrorCode, type TokenBulkRequestDto } from '@latchkey/auth-models';
import { ApplicationError } from '../../../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../../../common/clock.js';
import {
  checkMayEnable,
  TokenLifetimePolicy,
  type Presented,
} from '../../tokens/model/token-lifetime-policy.js';
import { isLive } from '../../tokens/model/token-state.js';
import { type BulkToken, type TokenBulkEdit } from './token-bulk.repository.js';
import { parseRequestedExpiry } from '../../tokens/model/requested-expiry.js';

/** What a bulk request does to each token. */
export interface TokenBulkChange {
  readonly auditAction: AuditAction;
  /** What the same change of one token is answered with. */
  readonly status: 200 | 204;
  /** Whether it makes tokens do more, or longer: then only to those that may do no more than the caller. */
  readonly checksEscalation: boolean;
  /** What becomes of a token: a code if it cannot be changed. */
  of(token: BulkToken, presented: Presented | null): TokenBulkOutcome | ErrorCode;
}

/** What becomes of a token that may be changed. */
export interface TokenBulkOutcome {
  /** What changes of it; absent if it is as wished already. */
  readonly edit?: TokenBulkEdit;
  /** What is not done as wished. */
  readonly warnings?: readonly string[];
}

/** The actions of bulk requests on tokens. */
@Injectable()
export class TokenBulkActions {
  constructor(
    private readonly lifetimes: TokenLifetimePolicy,
    private readonly clock: Clock,
  ) {}

  /** @throws ApplicationError `validation_failed` if an end has passed. */
  of({ action, expirationTime = null }: TokenBulkRequestDto): TokenBulkChange {
    const now = this.clock.now();
    switch (action) {
      case 'enable':
        return setEnabled(true, now);
      case 'disable':
        return setEnabled(false, now);
      case 'revoke':
        return {
          auditAction: 'authn_token_revoked',
          status: 204,
          checksEscalation: false,
          of: (token) =>
            !isLive(token, token.user, now)
              ? 'not_found'
              : { edit: { endReason: 'revoked', revocationTime: now } },
        };
      case 'extend':
        return this.extend(parseRequestedExpiry(expirationTime, now) ?? null, now);
    }
  }

  private extend(requested: EpochMilliseconds | null, now: EpochMilliseconds): TokenBulkChange {
    return {
      ...EDIT,
      checksEscalation: true,
      of: (token, presented) => {
        if (!isLive(token, token.user, now)) {
          return 'conflict';
        }
        // What may have no end, and what may be extended, differs from token to token.
        return orCode(() => {
          const { expirationTime, warnings } = this.lifetimes.changed(token, requested, now, presented);
          const isLater = (expirationTime ?? Infinity) > (token.expirationTime ?? Infinity);
          return isLater ? { edit: { expirationTime, lifeStartTime: now }, warnings } : 'conflict';
        });
      },
    };
  }
}

/** What is true of every change that leaves the tokens there. */
const EDIT = { auditAction: 'authn_token_updated', status: 200 } as const;

function setEnabled(enabled: boolean, now: EpochMilliseconds): TokenBulkChange {
  return {
    ...EDIT,
    checksEscalation: enabled,
    of: (token, presented) => {
      if (!isLive(token, token.user, now)) {
        return 'conflict';
      }
      if (token.enabled === enabled) {
        return {};
      }
      return orCode(() => {
        if (enabled) {
          checkMayEnable(token, presented);
        }
        return { edit: { enabled } };
      });
    },
  };
}

/** Returns the outcome of one token, or the code that it is refused with. */
function orCode(outcome: () => TokenBulkOutcome | ErrorCode): TokenBulkOutcome | ErrorCode {
  try {
    return outcome();
  } catch (error) {
    if (error instanceof ApplicationError) {
      return error.code;
    }
    throw error;
  }
}
