import { Injectable } from '@nestjs/common';
import {
  canonicalUserName,
  CLAIM_LINK_SECONDS,
  CLAIM_LINK_SORT_FIELDS,
  CLAIM_LINKS_PER_ISSUER_MAX,
  CLAIM_LINKS_PER_USER_MAX,
  type ClaimLinkDto,
  type ClaimLinkListQueryDto,
  type CreateClaimLinkDto,
} from '@latchkey/auth-models';
import { v7 as uuid } from 'uuid';
import { AuditService } from '../audit/trail/audit.service.js';
import { ApplicationError } from '../common/application-error.js';
import { Clock, toRfc3339, type EpochMilliseconds } from '../common/clock.js';
import { inParts } from '../common/in-parts.js';
import { type Principal } from '../common/request/principal.js';
import { type VersionCondition } from '../common/request/version-condition.js';
import { type SendableList } from '../http/lists/send-list.js';
import { Config } from '../platform/config/config.js';
import { createSetUpSecret, digestOf } from '../platform/crypto/secrets.js';
import { listSlice } from '../platform/database/queries/list-queries.js';
import { Writes, type WriteTransaction } from '../platform/database/writes.js';
import { ActorReader } from '../permissions/actor-reader.js';
import { type User } from '../users/model/user.entity.js';
import { UsersService } from '../users/users.service.js';
import { ApiTokensService, type PlannedToken } from '../tokens/issue/api-tokens.service.js';
import { toUserTokenDto } from '../tokens/model/token.mapper.js';
import { type OwnedClaimLink } from './claim-link.entity.js';
import { planMembers, toClaimLinkDto, type ClaimPlan } from './claim-link.mapper.js';
import { ClaimLinksRepository } from './claim-links.repository.js';

const COLUMNS = [
  'id',
  'user',
  'note',
  'state',
  'createdBy',
  'creationTime',
  'expirationTime',
  'claimTime',
  'tokenId',
  'tokenExpiresIn',
  'tokenExpirationTime',
  'permissions',
  'roles',
  'allowedAddresses',
  'notBefore',
  'maxUses',
  'rateLimit',
  'metadata',
] as const;

/** Claim links: their creation, list and deletion. The secret of a link is in the fragment, which is never logged. */
@Injectable()
export class ClaimLinksService {
  constructor(
    private readonly links: ClaimLinksRepository,
    private readonly users: UsersService,
    private readonly apiTokens: ApiTokensService,
    private readonly actors: ActorReader,
    private readonly audit: AuditService,
    private readonly writes: Writes,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Creates a link for a token that the actor may create now. The claim checks this again.
   *
   * @throws ApplicationError the errors of {@link ApiTokensService.create}, or `claim_link_limit`.
   */
  async create(
    userName: string,
    dto: CreateClaimLinkDto,
    actor: Principal,
    condition?: VersionCondition,
  ): Promise<ClaimLinkDto> {
    const now = this.clock.now();
    const secret = createSetUpSecret();
    const { id: userId } = await this.users.getByName(userName);

    return this.writes.transaction(async (tx) => {
      const plan = await this.apiTokens.plan(userId, dto, actor, now, tx, { condition });
      await this.checkLimits(plan.owner, actor, now, tx);
      const link = newClaimLink(secret, dto, plan, actor, now);
      await this.links.insert(link, tx);
      await this.record('claim_link_created', link, actor, tx);
      return {
        ...toClaimLinkDto(link, now),
        link: `${this.config.publicUrl}/admin/claim#${secret}`,
        ...(plan.warnings.length > 0 && { warnings: [...plan.warnings] }),
      };
    }, 'none');
  }

  /** Returns the matching links, newest first by default. */
  find(query: ClaimLinkListQueryDto): SendableList<ClaimLinkDto> {
    const now = this.clock.now();
    const slice = listSlice(query, CLAIM_LINK_SORT_FIELDS, { field: 'creationTime', isDescending: true });
    const { links } = this;
    const show = (found: readonly OwnedClaimLink[]) => found.map((link) => toClaimLinkDto(link, now));
    const filter = async () => ({
      q: query.q,
      state: query.state,
      userId: query.user === undefined ? undefined : await this.idOf(query.user),
    });
    return {
      columns: COLUMNS,
      page: async () => {
        const [found, total] = await links.find(await filter(), slice, now);
        return { items: show(found), total, slice };
      },
      async *all() {
        for await (const part of inParts(await links.findOrder(await filter(), slice.sort, now))) {
          yield show(await links.findByIds(part));
        }
      },
    };
  }

  /**
   * Deletes a link that was not used.
   *
   * @throws ApplicationError `not_found`, those of {@link ActorReader}, or `claim_link_used` if its token exists.
   */
  async delete(id: string, actor: Principal): Promise<void> {
    await this.writes.transaction(async (tx) => {
      await this.actors.lockAndRefresh(actor, tx);
      const link = await this.links.lock(id, tx);
      if (!link) {
        throw new ApplicationError('not_found', {
          detail: 'There is no claim link with this id. GET /claim-links lists all links.',
        });
      }
      if (link.claimTime !== null) {
        throw new ApplicationError('claim_link_used', {
          detail: `The link was used at ${toRfc3339(link.claimTime)}. Revoke the token that it created, ${link.tokenId}.`,
        });
      }
      await this.links.delete(id, tx);
      await this.record('claim_link_deleted', link, actor, tx);
    }, 'none');
  }

  private async checkLimits(
    { id, name }: User,
    actor: Principal,
    now: EpochMilliseconds,
    tx: WriteTransaction,
  ): Promise<void> {
    if ((await this.links.countOpenFor(id, now, tx)) >= CLAIM_LINKS_PER_USER_MAX) {
      throw new ApplicationError('claim_link_limit', {
        detail: `${name} has ${CLAIM_LINKS_PER_USER_MAX} open claim links, the maximum. Delete one first.`,
      });
    }
    if ((await this.links.countOpenOf(issuerIdOf(actor), now, tx)) >= CLAIM_LINKS_PER_ISSUER_MAX) {
      throw new ApplicationError('claim_link_limit', {
        detail: `You have created ${CLAIM_LINKS_PER_ISSUER_MAX} open claim links, the maximum. Delete one first.`,
      });
    }
  }

  private async idOf(userName: string): Promise<string> {
    const user = await this.users.findByName(canonicalUserName(userName) ?? '');
    return user?.id ?? '';
  }

  private record(
    action: 'claim_link_created' | 'claim_link_deleted',
    link: OwnedClaimLink,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    const { id, userId, user, issuerId, issuerName } = link;
    const members = {
      claimLinkId: id,
      ...planMembers(link),
      linkExpirationTime: toRfc3339(link.expirationTime),
    };
    return this.audit.record(
      {
        action,
        actor,
        origin: actor.origin,
        subject: { kind: 'user', id: userId, name: user.name },
        about: [{ id, name: id }, ...(issuerId === null ? [] : [{ id: issuerId, name: issuerName }])],
        ...(action === 'claim_link_created'
          ? { after: members }
          : { before: { ...members, issuedBy: issuerName } }),
      },
      tx,
    );
  }
}

function issuerIdOf({ id, scheme }: Principal): string | null {
  return scheme === 'command-line' ? null : id;
}

function newClaimLink(
  secret: string,
  { expirationTime, expiresIn, ...request }: CreateClaimLinkDto,
  { token, owner }: PlannedToken,
  actor: Principal,
  now: EpochMilliseconds,
): OwnedClaimLink {
  // The planned expiry is within the limits. A time that was not requested as such counts from the claim.
  const isAbsolute = typeof expirationTime === 'string' && expiresIn === undefined;
  const expiry = token.expirationTime;
  const lifetime = {
    ...(expiry === null && { expirationTime: null }),
    ...(expiry !== null && isAbsolute && { expirationTime: toRfc3339(expiry) }),
    ...(expiry !== null && !isAbsolute && { expiresIn: Math.ceil((expiry - now) / 1_000) }),
  };
  const { permissions, roles, allowedAddresses, notBefore, maxUses, rateLimit, metadata } = toUserTokenDto(
    token,
    owner,
    now,
  );
  const plan: ClaimPlan = {
    permissions,
    roles,
    allowedAddresses,
    notBefore,
    maxUses,
    rateLimit,
    metadata,
    tokenExpiresIn: lifetime.expiresIn,
    tokenExpirationTime: lifetime.expirationTime ?? undefined,
  };
  return {
    id: uuid(),
    digest: digestOf(secret),
    userId: owner.id,
    user: owner,
    issuerId: issuerIdOf(actor),
    issuerName: actor.name,
    issuerTokenId: actor.token?.id ?? null,
    note: token.note,
    request: JSON.stringify({ ...request, ...lifetime }),
    plan: JSON.stringify(plan),
    creationTime: now,
    // A link whose token would have expired is of no use.
    expirationTime: Math.min(
      now + CLAIM_LINK_SECONDS * 1_000,
      isAbsolute && expiry !== null ? expiry : Infinity,
    ),
    claimTime: null,
    tokenId: null,
  };
}
