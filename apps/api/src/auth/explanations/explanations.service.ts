import { Injectable } from '@nestjs/common';
import {
  ERROR_CODES,
  type ExplanationDto,
  type ExplanationListDto,
  type ExplanationQueryDto,
  REJECTION_CAUSES,
  type RejectionCause,
} from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, toRfc3339 } from '../../common/clock.service.js';
import { isLimited, type Principal } from '../../common/request/principal.js';
import { ResourceApiPermissions } from '../../permissions/apis/resource-api-permissions.service.js';
import { TokenAccess } from '../../tokens/access/token-access.service.js';
import { type HoldsAll, TokenReader } from '../../tokens/access/token-reader.service.js';
import { visibilityOf } from '../../tokens/access/token-visibility.js';
import { stateOf } from '../../tokens/model/token-state.js';
import { type OwnedToken } from '../../tokens/model/tokens.repository.js';
import { isTime, parseMembers, type Shape } from '../../platform/replicas/replica-message.js';
import { Replicas } from '../../platform/replicas/replicas.service.js';
import { remedyOf, stepsOf, type PresentState } from './explain.js';
import { insert, matches, type Rejection, type RejectionCriteria, Rejections } from './rejections.service.js';

/** Maximum number of rejections in a list. */
const LISTED_MAX = 20;

const isText = (value: unknown) => typeof value === 'string';
const isOptionalText = (value: unknown) => value === undefined || isText(value);
const areTexts = (value: unknown) => value === undefined || (Array.isArray(value) && value.every(isText));

/** Valid members of questions from other replicas. */
const CRITERIA: Shape<RejectionCriteria> = {
  traceId: isOptionalText,
  tokenId: isOptionalText,
  preview: isOptionalText,
  userId: isOptionalText,
};

/** Valid members of their answers. */
const REJECTION: Shape<Rejection> = {
  traceId: isText,
  time: isTime,
  method: isOptionalText,
  route: isOptionalText,
  status: Number.isInteger,
  code: (value) => isText(value) && Object.hasOwn(ERROR_CODES, value),
  cause: (value) => REJECTION_CAUSES.includes(value as RejectionCause),
  address: isText,
  isPassword: (value) => typeof value === 'boolean',
  agent: isOptionalText,
  detail: isOptionalText,
  userId: isOptionalText,
  userName: isOptionalText,
  tokenId: isOptionalText,
  preview: isOptionalText,
  digest: isOptionalText,
  missingPermissions: areTexts,
  missingRoles: areTexts,
  service: isOptionalText,
  isReported: (value) => value === undefined || value === true,
};

/** Explains rejected requests, of this process and of the other replicas. */
@Injectable()
export class ExplanationsService {
  constructor(
    private readonly rejections: Rejections,
    private readonly replicas: Replicas,
    private readonly tokens: TokenReader,
    private readonly access: TokenAccess,
    private readonly permissions: ResourceApiPermissions,
    private readonly clock: Clock,
  ) {
    replicas.setAnswers((question) => this.answersTo(question));
  }

  /**
   * Returns the explanation of a request.
   *
   * @throws ApplicationError `not_found`, also if the caller may not see it.
   */
  async get(traceId: string, actor: Principal): Promise<ExplanationDto> {
    // Clients choose the ids, so another request can have the same one.
    const [rejection] = (await this.find({ traceId }, actor)).sort(
      (a, b) => Number(b.tokenId !== undefined) - Number(a.tokenId !== undefined),
    );
    if (!rejection) {
      throw new ApplicationError('not_found', {
        detail:
          'There is no rejected request with this id. Only responses with 401, 403 and 429 are explained. The server keeps the latest rejections of each token for 24 hours, or until it restarts.',
      });
    }
    return (await this.explain([rejection]))[0] as ExplanationDto;
  }

  /** Returns the latest rejections, newest first. */
  async list({ tokenId, tokenPreview }: ExplanationQueryDto, actor: Principal): Promise<ExplanationListDto> {
    return { items: await this.explain(await this.find({ tokenId, preview: tokenPreview }, actor)) };
  }

  /** Returns the rejections of all replicas that a caller can see, newest first. */
  private async find(requested: RejectionCriteria, actor: Principal): Promise<Rejection[]> {
    const criteria = { ...requested, ...restrictionOf(requested, actor) };
    const found = this.rejections.find(criteria, LISTED_MAX);
    // Replicas do not trust each other's filters: every client of the database can send messages.
    for (const answer of await this.replicas.ask(actor.id, JSON.stringify(criteria))) {
      const rejection = parseMembers(answer, REJECTION);
      if (rejection && matches(rejection, criteria)) {
        insert(rejection, found, LISTED_MAX);
      }
    }
    const own = (await this.withRotated(found)).filter(
      ({ userId }) => criteria.userId === undefined || userId === criteria.userId,
    );
    return this.visibleAmong(own, actor);
  }

  /**
   * Names the tokens whose rotations have replaced a rejected secret. The server rejects it like an unknown
   * one, without this query.
   */
  private async withRotated(found: readonly Rejection[]): Promise<Rejection[]> {
    const digests = distinct(found.map(({ digest }) => digest));
    const tokens = await this.tokens.findRotated(digests);
    return found.map((rejection) => {
      const token = tokens.get(rejection.digest ?? '');
      return token ? ofRotated(rejection, token) : rejection;
    });
  }

  /** Returns the rejections that a limited token can see: those of the tokens that it can see. */
  private async visibleAmong(found: Rejection[], actor: Principal): Promise<Rejection[]> {
    if (seesAll(actor) || !isLimited(actor)) {
      return found;
    }
    const tokens = await this.tokens.find(tokenIdsIn(found));
    const visible = await this.access.findVisible([...tokens.values()], visibilityOf(actor));
    return found.filter(({ tokenId }) => tokenId !== undefined && visible.has(tokenId));
  }

  private answersTo(question: string): string[] {
    const criteria = parseMembers(question, CRITERIA);
    return criteria
      ? this.rejections.find(criteria, LISTED_MAX).map((rejection) => JSON.stringify(rejection))
      : [];
  }

  /** Explains rejections with a constant number of queries. */
  private async explain(rejections: readonly Rejection[]): Promise<ExplanationDto[]> {
    const tokens = await this.tokens.find(tokenIdsIn(rejections));
    const lacking = rejections.filter((one) => one.missingPermissions || one.missingRoles);
    const holds = await this.tokens.holdsAllOf(distinct(lacking.map(({ userId }) => userId)));
    const missing = distinct(lacking.flatMap(({ missingPermissions }) => missingPermissions ?? []));
    const unknown = new Set(missing.length === 0 ? [] : await this.permissions.findUnknown(missing));
    const now = this.clock.now();
    return rejections.map((rejection) => {
      const token = tokens.get(rejection.tokenId ?? '') ?? null;
      return toExplanationDto(rejection, {
        token,
        ...holdings(rejection, token, holds),
        unknownPermissions: (rejection.missingPermissions ?? []).filter((name) => unknown.has(name)),
        now,
      });
    });
  }
}

/**
 * Returns a rejection with the token that had its secret. A token that was revoked before explains more than
 * the rotation.
 */
function ofRotated(rejection: Rejection, token: OwnedToken): Rejection {
  const { id, user, revocationTime } = token;
  const { time } = rejection;
  const wasRevoked = stateOf(token, user, time) === 'revoked' && (revocationTime ?? time) <= time;
  return {
    ...rejection,
    cause: wasRevoked ? 'token_revoked' : 'grace_period_over',
    tokenId: id,
    userId: user.id,
    userName: user.name,
  };
}

function toExplanationDto(rejection: Rejection, state: PresentState): ExplanationDto {
  const { token, now } = state;
  const { traceId, time, method, route, status, code, cause, address, agent, service } = rejection;
  const { userName, preview, missingPermissions, missingRoles } = rejection;
  return {
    traceId,
    time: toRfc3339(time),
    ...(method !== undefined && { method }),
    ...(route !== undefined && { route }),
    status,
    code,
    cause,
    address,
    ...(agent !== undefined && { agent }),
    ...(service !== undefined && { service }),
    ...(userName !== undefined && { user: token?.user.name ?? userName }),
    ...(rejection.tokenId !== undefined && { token: tokenMembers(rejection.tokenId, token, now) }),
    ...(preview !== undefined && { presentedPreview: preview }),
    ...(missingPermissions && { missingPermissions: [...missingPermissions] }),
    ...(missingRoles && { missingRoles: [...missingRoles] }),
    steps: stepsOf(rejection, state),
    remedy: remedyOf(rejection, state),
  };
}

/** Whether the user, and the token, hold the missing permissions and roles now. */
function holdings(
  { userId, missingPermissions = [], missingRoles = [] }: Rejection,
  token: OwnedToken | null,
  holds: HoldsAll,
): Pick<PresentState, 'ownerHolds' | 'tokenHolds'> {
  if (userId === undefined || missingPermissions.length + missingRoles.length === 0) {
    return { ownerHolds: false, tokenHolds: false };
  }
  return {
    ownerHolds: holds(userId, null, missingPermissions, missingRoles),
    tokenHolds: token !== null && holds(userId, token.scope, missingPermissions, missingRoles),
  };
}

/**
 * Returns the criteria that restrict a request to the rejections that the caller may see: with `audit:read`
 * all, otherwise those with secrets of its user. A limited token that sees only its own tokens, and names
 * none, gets its own rejections: those of other tokens of its user must not displace them.
 */
function restrictionOf(
  { traceId, tokenId, preview }: RejectionCriteria,
  actor: Principal,
): Pick<RejectionCriteria, 'userId' | 'tokenId'> {
  if (seesAll(actor)) {
    return {};
  }
  const { rootId } = visibilityOf(actor);
  const isForItself = rootId !== undefined && (traceId ?? tokenId ?? preview) === undefined;
  return { userId: actor.id, ...(isForItself && { tokenId: rootId }) };
}

/** Whether a caller can see all rejections. The audit trail, which it can read, has them too. */
function seesAll({ permissions }: Principal): boolean {
  return permissions.has('audit:read');
}

function tokenIdsIn(rejections: readonly Rejection[]): string[] {
  return distinct(rejections.map(({ tokenId }) => tokenId));
}

function distinct(names: readonly (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}

function tokenMembers(id: string, token: OwnedToken | null, now: number): ExplanationDto['token'] {
  return {
    id,
    ...(token && { tokenPreview: token.preview, state: stateOf(token, token.user, now) }),
    ...(token?.note != null && { note: token.note }),
  };
}
