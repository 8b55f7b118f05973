import { type IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { isSecondFactor } from '@latchkey/auth-models';
import { ApplicationError, type MatchedCredentials } from '../../common/application-error.js';
import { Clock, type EpochMilliseconds, toRfc3339 } from '../../common/clock.service.js';
import { type PresentedSession } from '../../common/request/principal.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { digestOf } from '../../platform/crypto/secrets.js';
import { GrantsReader } from '../../permissions/grants.service.js';
import { ExpiredTokens } from '../../tokens/cache/expired-tokens.service.js';
import {
  PresentedTokenReader,
  type PresentedTokenRecord,
} from '../../tokens/cache/presented-token-reader.service.js';
import { type Holder } from '../../tokens/cache/verified-tokens.service.js';
import {
  expiredSessionDetail,
  presentedExpiryOf,
  readAuthMethods,
  rejectionReason,
} from '../../tokens/model/token-state.js';
import { toPresented } from '../../tokens/model/use-limits.js';
import { CanaryAlarms } from '../../tokens/usage/canary-alarms.service.js';
import { parseTokenCredentials, type TokenCredentials } from '../credentials/token-credentials.js';

/** Valid tokens in the database, each read with one prepared statement. */
@Injectable()
export class StoredTokens {
  constructor(
    private readonly tokens: PresentedTokenReader,
    private readonly grants: GrantsReader,
    private readonly expired: ExpiredTokens,
    private readonly canaries: CanaryAlarms,
    private readonly clock: Clock,
  ) {}

  /** Returns the holder of a valid token by its current secret, synchronously. Only on SQLite. */
  findSync(headers: IncomingHttpHeaders): Holder | undefined {
    const credentials = this.tokens.isSync ? parseTokenCredentials(headers) : null;
    if (!credentials) {
      return undefined;
    }
    const digest = digestOf(credentials.secret);
    const token = this.tokens.findSync(digest);
    const isValid =
      token &&
      isNamed(credentials, token.userName) &&
      rejectionReason(token, false, this.clock.now()) === null;
    return isValid ? this.holderOf(token, digest, false) : undefined;
  }

  /**
   * Returns the holder of a valid token.
   *
   * @throws ApplicationError `unauthenticated`, or a more specific code if the secret is right.
   */
  async get(
    credentials: TokenCredentials,
    origin: RequestOrigin,
    { mayBeUsedUp = false }: { mayBeUsedUp?: boolean } = {},
  ): Promise<Holder> {
    const digest = digestOf(credentials.secret);
    const current = await this.tokens.findByDigest(digest);
    const token = current ?? (await this.tokens.findBySupersededDigest(digest));
    if (!token) {
      this.canaries.take(digest, origin);
      throw new ApplicationError('unauthenticated', { rejectionCause: 'unknown_secret' });
    }
    if (!isNamed(credentials, token.userName)) {
      throw new ApplicationError('unauthenticated', {
        rejectionCause: 'wrong_user',
        matched: matchedBy(token),
      });
    }
    const isSuperseded = current === null;
    this.rejectInvalid(token, isSuperseded, mayBeUsedUp);
    return this.holderOf(token, digest, isSuperseded);
  }

  private holderOf(token: PresentedTokenRecord, digest: string, isSuperseded: boolean): Holder {
    const { roles, permissions, requiresSecondFactor } = this.grants.read(token.grants, token.scope);
    const expirationTime = presentedExpiryOf(token, isSuperseded);
    return {
      id: token.userId,
      name: token.userName,
      roles,
      permissions,
      token: {
        id: token.id,
        digest,
        expirationTime,
        expiryHeader: expirationTime === null ? null : toRfc3339(expirationTime),
        isSuperseded,
        creationTime: token.creationTime,
        notBefore: token.notBefore,
        scope: token.scope,
        ...(token.useLimits !== null && { useLimits: toPresented(token.useLimits) }),
        ...(token.authTime !== null && {
          session: sessionOf(token.authTime, token.authMethods, requiresSecondFactor),
        }),
      },
      supersededDigest: isSuperseded ? digest : undefined,
    };
  }

  /** @throws ApplicationError unless the token is valid. */
  private rejectInvalid(token: PresentedTokenRecord, isSuperseded: boolean, mayBeUsedUp: boolean): void {
    const now = this.clock.now();
    const code = rejectionReason(token, isSuperseded, now);
    if (code === null || (code === 'token_used_up' && mayBeUsedUp)) {
      return;
    }
    const matched = matchedBy(token);
    if (code === 'token_not_yet_valid') {
      throw new ApplicationError(code, {
        matched,
        detail: `The token is valid from ${toRfc3339(token.notBefore ?? now)}.`,
      });
    }
    if (code !== 'token_expired') {
      throw new ApplicationError(code, { matched });
    }
    this.expired.record(token, now);
    if (isSuperseded) {
      throw new ApplicationError(code, {
        matched,
        rejectionCause: 'grace_period_over',
        detail: 'The grace period of this superseded secret has expired. Use the new secret.',
      });
    }
    const detail = expiredSessionDetail(token);
    throw new ApplicationError(code, {
      matched,
      ...(detail !== undefined && { detail, rejectionCause: 'session_expired' }),
    });
  }
}

function sessionOf(
  authTime: EpochMilliseconds,
  stored: string | null,
  requiresSecondFactor: boolean,
): PresentedSession {
  const authMethods = readAuthMethods(stored ?? '');
  return {
    authTime,
    authMethods,
    needsSecondFactor: requiresSecondFactor && !authMethods.some(isSecondFactor),
  };
}

function matchedBy({ id, userId, userName }: PresentedTokenRecord): MatchedCredentials {
  return { userId, userName, tokenId: id };
}

/** Whether the credentials name this user, or none. */
function isNamed({ name }: TokenCredentials, userName: string): boolean {
  return name === undefined || name === userName;
}
