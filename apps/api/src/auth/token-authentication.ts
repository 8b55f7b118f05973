import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { Clock, type EpochMilliseconds } from '../common/clock.js';
import { type AuthenticationScheme, type Principal } from '../common/principal.js';
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
import { VerifiedTokens, type Holder } from '../tokens/verified-tokens.js';
import { type TokenCredentials } from './credentials/token-credentials.js';

const GRACE_OVER = 'This secret was rotated away and its grace period is over; use the new one.';

/** Verifies tokens: a digest, and what is remembered of it or else one statement, a few comparisons. */
@Injectable()
export class TokenAuthentication {
  constructor(
    private readonly tokens: PresentedTokensRepository,
    private readonly verified: VerifiedTokens,
    private readonly grants: GrantsReader,
    private readonly lastUses: LastUses,
    private readonly clock: Clock,
  ) {}

  /** Verifies a token that was verified a moment ago, and counts that as a use of it; `undefined` = nothing is known. */
  recall(credentials: TokenCredentials, origin: RequestOrigin): Principal | undefined {
    const digest = digestOf(credentials.secret);
    const holder = this.verified.find(digest);
    return holder && isNamed(credentials, holder.name)
      ? this.use(digest, holder, origin, 'token')
      : undefined;
  }

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
    return this.use(digest, await this.look(digest, credentials), origin, scheme);
  }

  /** Verifies a token once more in the same request, which is no other use. @throws ApplicationError as before. */
  async confirm(credentials: TokenCredentials, origin: RequestOrigin): Promise<Principal> {
    const holder = await this.look(digestOf(credentials.secret), credentials);
    return { ...holder, scheme: 'token', origin };
  }

  private use(
    digest: string,
    holder: Holder,
    origin: RequestOrigin,
    scheme: AuthenticationScheme,
  ): Principal {
    const { id, isSuperseded } = holder.token;
    this.lastUses.note(id, origin, isSuperseded ? digest : undefined);
    return { ...holder, scheme, origin };
  }

  private async look(digest: string, credentials: TokenCredentials): Promise<Holder> {
    const { generation } = this.verified;
    const current = await this.tokens.findByDigest(digest);
    const token = current ?? (await this.tokens.findBySupersededDigest(digest));
    if (!token || !isNamed(credentials, token.userName)) {
      throw new ApplicationError('unauthenticated');
    }
    const isSuperseded = current === null;
    refuse(token, isSuperseded, this.clock.now());
    const { roles, permissions } = this.grants.read(token.grants);
    const holder: Holder = {
      id: token.userId,
      name: token.userName,
      roles,
      permissions: narrow(permissions, token.permissions),
      token: {
        id: token.id,
        endTime: endOfPresented(token, isSuperseded),
        isSuperseded,
        limit: token.permissions,
      },
    };
    this.verified.remember(digest, holder, generation);
    return holder;
  }
}

/** Whether credentials that name a user name this one. */
function isNamed({ name }: TokenCredentials, userName: string): boolean {
  return name === undefined || name === userName;
}

/** @throws ApplicationError unless the token is good. */
function refuse(token: PresentedTokenRecord, isSuperseded: boolean, now: EpochMilliseconds): void {
  const code = refusalOf(token, isSuperseded, now);
  if (code) {
    const isOver = isSuperseded && code === 'token_expired';
    throw new ApplicationError(code, isOver ? { detail: GRACE_OVER } : {});
  }
}
