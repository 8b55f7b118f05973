import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, toRfc3339 } from '../../common/clock.js';
import { type AuthenticationScheme, type Principal } from '../../common/request/principal.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { digestOf } from '../../platform/crypto/secrets.js';
import { GrantsReader } from '../../identity/permissions/grants.js';
import { intersectPermissions, intersectRoles } from '../../identity/permissions/scope.js';
import { ExpiredTokens } from '../../identity/tokens/cache/expired-tokens.js';
import { LastUses } from '../../identity/tokens/usage/last-uses.js';
import { TokenLookUp, type PresentedTokenRecord } from '../../identity/tokens/cache/token-look-up.js';
import {
  expiredSessionDetail,
  presentedExpiryOf,
  rejectionReason,
} from '../../identity/tokens/model/token-state.js';
import { VerifiedTokens, type Holder } from '../../identity/tokens/cache/verified-tokens.js';
import { type TokenCredentials } from '../credentials/token-credentials.js';
import { Verifications } from './verifications.js';

const GRACE_OVER = 'This secret was rotated away and its grace period is over; use the new one.';

/** Verifies tokens: a digest, and what is remembered of it or else one statement, a few comparisons. */
@Injectable()
export class TokenAuthentication {
  constructor(
    private readonly tokens: TokenLookUp,
    private readonly verified: VerifiedTokens,
    private readonly grants: GrantsReader,
    private readonly lastUses: LastUses,
    private readonly expired: ExpiredTokens,
    private readonly clock: Clock,
    private readonly verifications: Verifications,
  ) {}

  /**
   * Verifies a token that was verified a moment ago from the very same text, and counts that as a use of it; `undefined` =
   * nothing is known.
   */
  fromCache(presented: string, origin: RequestOrigin): Principal | undefined {
    const holder = this.verified.find(digestOf(presented));
    if (!holder) {
      return undefined;
    }
    this.verifications.countCached();
    return this.recordUse(holder, origin, 'token');
  }

  /**
   * Verifies a token, and counts that as a use of it.
   *
   * @param how.presented the text that the credentials were read from, by which it can be recalled.
   * @throws ApplicationError `unauthenticated`; a reason only to a caller whose secret is right.
   */
  async authenticate(
    credentials: TokenCredentials,
    origin: RequestOrigin,
    { scheme = 'token', presented }: { scheme?: AuthenticationScheme; presented?: string } = {},
  ): Promise<Principal> {
    const { generation } = this.verified;
    const holder = await this.verifications.countLookUp(() => this.lookUp(credentials));
    if (presented !== undefined) {
      this.verified.store(digestOf(presented), holder, generation);
    }
    return this.recordUse(holder, origin, scheme);
  }

  /** Verifies a token once more in the same request, which is no other use. @throws ApplicationError as before. */
  async confirm(credentials: TokenCredentials, origin: RequestOrigin): Promise<Principal> {
    return principalFrom(await this.lookUp(credentials), origin, 'token');
  }

  private recordUse(holder: Holder, origin: RequestOrigin, scheme: AuthenticationScheme): Principal {
    this.lastUses.note(holder.token.id, origin, holder.supersededDigest);
    return principalFrom(holder, origin, scheme);
  }

  private async lookUp(credentials: TokenCredentials): Promise<Holder> {
    const digest = digestOf(credentials.secret);
    const current = await this.tokens.findByDigest(digest);
    const token = current ?? (await this.tokens.findBySupersededDigest(digest));
    if (!token || !isNamed(credentials, token.userName)) {
      throw new ApplicationError('unauthenticated');
    }
    const isSuperseded = current === null;
    this.refuse(token, isSuperseded);
    const { roles, permissions } = this.grants.read(token.grants);
    const endTime = presentedExpiryOf(token, isSuperseded);
    return {
      id: token.userId,
      name: token.userName,
      roles: intersectRoles(roles, token.permissions),
      permissions: intersectPermissions(permissions, token.permissions),
      token: {
        id: token.id,
        endTime,
        end: endTime === null ? null : toRfc3339(endTime),
        isSuperseded,
        limit: token.permissions,
      },
      supersededDigest: isSuperseded ? digest : undefined,
    };
  }

  /** @throws ApplicationError unless the token is good. */
  private refuse(token: PresentedTokenRecord, isSuperseded: boolean): void {
    const now = this.clock.now();
    const code = rejectionReason(token, isSuperseded, now);
    if (code === null) {
      return;
    }
    if (code !== 'token_expired') {
      throw new ApplicationError(code);
    }
    this.expired.note(token, now);
    const detail = isSuperseded ? GRACE_OVER : expiredSessionDetail(token);
    throw new ApplicationError(code, { ...(detail !== undefined && { detail }) });
  }
}

function principalFrom(holder: Holder, origin: RequestOrigin, scheme: AuthenticationScheme): Principal {
  const { id, name, roles, permissions, token } = holder;
  return { id, name, roles, permissions, token, scheme, origin };
}

/** Whether credentials that name a user name this one. */
function isNamed({ name }: TokenCredentials, userName: string): boolean {
  return name === undefined || name === userName;
}
