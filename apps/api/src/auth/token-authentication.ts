import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../common/clock.js';
import { type AuthenticationScheme, type PresentedToken, type Principal } from '../common/principal.js';
import { type RequestOrigin } from '../common/request-origin.js';
import { digestOf } from '../crypto/secrets.js';
import { GrantsReader } from '../roles/grants.js';
import { narrow } from '../roles/narrow.js';
import { LastUses } from '../tokens/last-uses.js';
import {
  PresentedTokensRepository,
  type PresentedTokenRecord,
} from '../tokens/presented-tokens.repository.js';
import { endOfPresented, refusalOf } from '../tokens/token-standing.js';
import { type TokenCredentials } from './credentials/token-credentials.js';

const GRACE_OVER = 'This secret was rotated away and its grace period is over; use the new one.';

/** Verifies tokens: a digest, one statement, a few comparisons. */
@Injectable()
export class TokenAuthentication {
  constructor(
    private readonly tokens: PresentedTokensRepository,
    private readonly grants: GrantsReader,
    private readonly lastUses: LastUses,
    private readonly clock: Clock,
  ) {}

  /**
   * Verifies a token, and counts that as a use of it.
   *
   * @throws ApplicationError `unauthenticated`; a reason only to a caller whose secret is right.
   */
  async authenticate(
    credentials: TokenCredentials,
    origin: RequestOrigin,
    scheme: AuthenticationScheme = 'token',
  ): Promise<Principal> {
    const digest = digestOf(credentials.secret);
    const principal = await this.look(digest, credentials, origin, scheme);
    const { id, isSuperseded } = principal.token;
    this.lastUses.note(id, origin, isSuperseded ? digest : undefined);
    return principal;
  }

  /** Verifies a token once more in the same request, which is no other use. @throws ApplicationError as before. */
  confirm(credentials: TokenCredentials, origin: RequestOrigin): Promise<Principal> {
    return this.look(digestOf(credentials.secret), credentials, origin, 'token');
  }

  private async look(
    digest: string,
    { name }: TokenCredentials,
    origin: RequestOrigin,
    scheme: AuthenticationScheme,
  ): Promise<Principal & { token: PresentedToken }> {
    const current = await this.tokens.findByDigest(digest);
    const token = current ?? (await this.tokens.findBySupersededDigest(digest));
    if (!token || (name !== undefined && name !== token.userName)) {
      throw new ApplicationError('unauthenticated');
    }
    const isSuperseded = current === null;
    refuse(token, isSuperseded, this.clock.now());
    const { roles, permissions } = this.grants.read(token.grants);
    return {
      id: token.userId,
      name: token.userName,
      scheme,
      roles,
      permissions: narrow(permissions, token.permissions),
      token: {
        id: token.id,
        endTime: endOfPresented(token, isSuperseded),
        isSuperseded,
        limit: token.permissions,
      },
      origin,
    };
  }
}

/** @throws ApplicationError unless the token is good. */
function refuse(token: PresentedTokenRecord, isSuperseded: boolean, now: EpochMilliseconds): void {
  const code = refusalOf(token, isSuperseded, now);
  if (code) {
    const isOver = isSuperseded && code === 'token_expired';
    throw new ApplicationError(code, isOver ? { detail: GRACE_OVER } : {});
  }
}
