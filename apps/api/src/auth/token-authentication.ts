import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { Clock } from '../common/clock.js';
import { type AuthenticationScheme, type Principal } from '../common/principal.js';
import { type RequestOrigin } from '../common/request-origin.js';
import { digestOf } from '../crypto/secrets.js';
import { GrantsReader } from '../roles/grants.js';
import { LastUses } from '../tokens/last-uses.js';
import {
  PresentedTokensRepository,
  type PresentedTokenRecord,
} from '../tokens/presented-tokens.repository.js';
import { endOf, refusalOf } from '../tokens/token-standing.js';
import { type TokenCredentials } from './credentials/token-credentials.js';

/** Verifies tokens: a digest, one statement, a few comparisons. */
@Injectable()
export class TokenAuthentication {
  constructor(
    private readonly tokens: PresentedTokensRepository,
    private readonly grants: GrantsReader,
    private readonly lastUses: LastUses,
    private readonly clock: Clock,
  ) {}

  /** @throws ApplicationError `unauthenticated`; a reason only to a caller whose secret is right. */
  async authenticate(
    { name, secret }: TokenCredentials,
    origin: RequestOrigin,
    scheme: AuthenticationScheme = 'token',
  ): Promise<Principal> {
    const token = await this.tokens.findByDigest(digestOf(secret));
    if (!token || (name !== undefined && name !== token.userName)) {
      throw new ApplicationError('unauthenticated');
    }
    const refusal = refusalOf(token, this.clock.now());
    if (refusal) {
      throw new ApplicationError(refusal);
    }
    this.lastUses.note(token.id, origin);
    const { roles, permissions } = this.grants.read(token.grants);
    return {
      id: token.userId,
      name: token.userName,
      scheme,
      roles,
      permissions: narrow(permissions, token),
      token: { id: token.id, endTime: endOf(token), isSuperseded: false },
      origin,
    };
  }
}

/** A user's permissions, limited to those a token was given. */
function narrow(
  permissions: ReadonlySet<string>,
  { permissions: limit }: PresentedTokenRecord,
): ReadonlySet<string> {
  return limit === null
    ? permissions
    : new Set(limit.split(' ').filter((permission) => permissions.has(permission)));
}
