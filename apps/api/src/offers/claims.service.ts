import { Injectable } from '@nestjs/common';
import {
  type ClaimDetailsDto,
  type CreateTokenDto,
  type ErrorCode,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { ApplicationError } from '../common/application-error.js';
import { Clock, toRfc3339 } from '../common/clock.js';
import { type RequestOrigin } from '../common/request/request-origin.js';
import { digestOf } from '../platform/crypto/secrets.js';
import { Writes } from '../platform/database/writes.js';
import { DelegatedTokensService } from '../tokens/issue/delegated-tokens.service.js';
import { type OwnedClaimLink } from './claim-link.entity.js';
import { claimLinkState, toClaimDetailsDto } from './claim-link.mapper.js';
import { ClaimLinksRepository } from './claim-links.repository.js';

/** Errors of {@link DelegatedTokensService} that mean that the issuer may no longer create the token. */
const WITHDRAWN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unauthenticated',
  'user_disabled',
  'token_revoked',
  'forbidden',
  'above_your_permissions',
  'not_found',
  'validation_failed',
]);

/** Creates tokens for the recipients of claim links. The secret of the link is the only credential. */
@Injectable()
export class ClaimsService {
  constructor(
    private readonly links: ClaimLinksRepository,
    private readonly delegated: DelegatedTokensService,
    private readonly writes: Writes,
    private readonly clock: Clock,
  ) {}

  /** Returns the state of a link, and the token that a claim creates. @throws ApplicationError `claim_link_unknown`. */
  async describe(secret: string): Promise<ClaimDetailsDto> {
    return toClaimDetailsDto(await this.getLink(secret), this.clock.now());
  }

  /**
   * Uses a link: creates its token on behalf of the issuer, within the permissions that the issuer has now.
   *
   * @throws ApplicationError `claim_link_unknown`, `claim_link_expired`, `claim_link_used`, `claim_link_withdrawn`, or
   *   `token_limit`.
   */
  async claim(secret: string, origin: RequestOrigin): Promise<UserTokenDto> {
    const link = await this.getLink(secret);
    this.checkOpen(link);
    const { id, userId, issuerId, issuerName, issuerTokenId, request } = link;
    try {
      return await this.writes.transaction(
        (tx) =>
          this.delegated.create(
            {
              userId,
              dto: JSON.parse(request) as CreateTokenDto,
              issuer: { userId: issuerId, name: issuerName, tokenId: issuerTokenId },
              origin,
              beforeStore: async (tokenId) => {
                if (!(await this.links.use(id, tokenId, this.clock.now(), tx))) {
                  throw new ApplicationError('claim_link_unknown');
                }
              },
            },
            {
              action: 'authn_token_claimed',
              // The client is not authenticated: anyone with the link can use it.
              actor: undefined,
              about: [{ id, name: id }],
              after: { claimLinkId: id },
            },
            tx,
          ),
        'none',
      );
    } catch (error) {
      // A concurrent claim explains any other error, such as a limit that it has reached.
      this.checkOpen(await this.getLink(secret));
      throw error instanceof ApplicationError && WITHDRAWN.has(error.code) ? withdrawn(link, error) : error;
    }
  }

  /** @throws ApplicationError `claim_link_unknown`. */
  private async getLink(secret: string): Promise<OwnedClaimLink> {
    const link = await this.links.findByDigest(digestOf(secret));
    if (!link) {
      throw new ApplicationError('claim_link_unknown', {
        detail:
          'The link is unknown or was deleted. Check that it is complete. Otherwise ask its sender for a new one.',
      });
    }
    return link;
  }

  private checkOpen(link: OwnedClaimLink): void {
    const { claimTime, expirationTime, issuerName } = link;
    const state = claimLinkState(link, this.clock.now());
    if (state === 'used') {
      throw new ApplicationError('claim_link_used', {
        detail: `The link was used at ${toRfc3339(claimTime ?? 0)}. If that was not you, tell ${issuerName} immediately: someone else has the token, and it must be revoked.`,
      });
    }
    if (state === 'expired') {
      throw new ApplicationError('claim_link_expired', {
        detail: `The link expired at ${toRfc3339(expirationTime)}. Ask ${issuerName} for a new one.`,
      });
    }
  }
}

function withdrawn({ issuerName }: OwnedClaimLink, cause: ApplicationError): ApplicationError {
  return new ApplicationError('claim_link_withdrawn', {
    detail: `${issuerName} may no longer create this token. Ask the sender for a new link.`,
    cause,
  });
}
