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
import { Clock, toRfc3339 } from '../../common/clock.js';
import { type Principal } from '../../common/request/principal.js';
import { ApiPermissions } from '../../identity/apis/api-permissions.js';
import { type StoredScope } from '../../identity/permissions/scope.js';
import { TokenStandings } from '../../identity/tokens/access/token-standings.js';
import { stateOf } from '../../identity/tokens/model/token-state.js';
import { type OwnedToken } from '../../identity/tokens/model/tokens.repository.js';
import { Replicas } from '../../platform/revocation/replicas.js';
import { remedyOf, stepsOf, type PresentState } from './explain.js';
import {
  insert,
  isFollowUp,
  matches,
  type Rejection,
  type RejectionCriteria,
  Rejections,
} from './rejections.js';

/** Latest time of a Date (ECMAScript, section 21.4.1.1). */
const TIME_MAX = 8.64e15;

/** Maximum number of rejections in a list. */
const LISTED_MAX = 20;

/** Explains rejected requests, of this process and of the other replicas. */
@Injectable()
export class ExplanationsService {
  constructor(
    private readonly rejections: Rejections,
    private readonly replicas: Replicas,
    private readonly standings: TokenStandings,
    private readonly permissions: ApiPermissions,
    private readonly clock: Clock,
  ) {
    replicas.setAnswers((question) => this.answersTo(question));
  }

  /** Returns the explanation of a request. @throws ApplicationError `not_found`, also if the caller may not see it. */
  async get(traceId: string, actor: Principal): Promise<ExplanationDto> {
    // Clients choose the ids, so another request can have the same one, such as the later question of a verifier.
    const [rejection] = (await this.find({ traceId, ...visibleTo(actor) }, actor)).sort(
      (a, b) =>
        Number(b.tokenId !== undefined) - Number(a.tokenId !== undefined) ||
        Number(b.service !== undefined) - Number(a.service !== undefined),
    );
    if (!rejection) {
      throw new ApplicationError('not_found', {
        detail:
          'There is no rejected request with this id. Only responses with 401, 403 and 429 are explained. The server keeps the latest rejections of each token for 24 hours, or until it restarts.',
      });
    }
    return this.explain(rejection);
  }

  /** Returns the latest rejections, newest first. */
  async list({ tokenId, tokenPreview }: ExplanationQueryDto, actor: Principal): Promise<ExplanationListDto> {
    const found = await this.find({ tokenId, preview: tokenPreview, ...visibleTo(actor) }, actor);
    const items: ExplanationDto[] = [];
    for (const rejection of found) {
      items.push(await this.explain(rejection));
    }
    return { items };
  }

  /** Returns rejections of all replicas, newest first. */
  private async find(criteria: RejectionCriteria, { id }: Principal): Promise<Rejection[]> {
    const found = this.rejections.find(criteria, LISTED_MAX);
    // Replicas do not trust each other's filters: every client of the database can send messages.
    for (const answer of await this.replicas.ask(id, JSON.stringify(criteria))) {
      const rejection = parseRejection(answer);
      if (rejection && matches(rejection, criteria)) {
        insert(rejection, found, LISTED_MAX);
      }
    }
    return found.filter((rejection) => !found.some((other) => isFollowUp(rejection, other)));
  }

  private answersTo(question: string): string[] {
    const { traceId, tokenId, preview, userId } = parse(question);
    const isCriterion = (value: unknown): value is string | undefined =>
      value === undefined || typeof value === 'string';
    if (![traceId, tokenId, preview, userId].every(isCriterion)) {
      return [];
    }
    const criteria = { traceId, tokenId, preview, userId } as RejectionCriteria;
    return this.rejections.find(criteria, LISTED_MAX).map((rejection) => JSON.stringify(rejection));
  }

  private async explain(rejection: Rejection): Promise<ExplanationDto> {
    const token = rejection.tokenId === undefined ? null : await this.standings.find(rejection.tokenId);
    const now = this.clock.now();
    const unknownPermissions = await this.permissions.findUnknown(rejection.missingPermissions ?? []);
    const state: PresentState = {
      token,
      ...(await this.holdings(rejection, token)),
      unknownPermissions,
      now,
    };
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
  private async holdings(
    { userId, missingPermissions = [], missingRoles = [] }: Rejection,
    token: OwnedToken | null,
  ): Promise<Pick<PresentState, 'ownerHolds' | 'tokenHolds'>> {
    if (userId === undefined || missingPermissions.length + missingRoles.length === 0) {
      return { ownerHolds: false, tokenHolds: false };
    }
    const holds = (scope: StoredScope) =>
      this.standings.holds(userId, scope, missingPermissions, missingRoles);
    return { ownerHolds: await holds(null), tokenHolds: token !== null && (await holds(token.permissions)) };
  }
}

/** Returns the criterion for the rejections that the actor can see: with `audit:read` all, otherwise those with its own secrets. */
function visibleTo({ id, permissions }: Principal): Pick<RejectionCriteria, 'userId'> {
  return permissions.has('audit:read') ? {} : { userId: id };
}

function tokenMembers(id: string, token: OwnedToken | null, now: number): ExplanationDto['token'] {
  return {
    id,
    ...(token && { tokenPreview: token.preview, state: stateOf(token, token.user, now) }),
    ...(token?.note != null && { note: token.note }),
  };
}

function parse(text: string): Partial<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Partial<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** Parses the answer of another replica; `undefined` if it is malformed, because every client of the database can send messages. */
function parseRejection(text: string): Rejection | undefined {
  const value = parse(text);
  const isText = (given: unknown) => typeof given === 'string';
  const isOptionalText = (given: unknown) => given === undefined || isText(given);
  const areTexts = (given: unknown) => given === undefined || (Array.isArray(given) && given.every(isText));
  const { traceId, time, method, route, status, code, cause, address } = value;
  const isRejection =
    [traceId, code, address].every(isText) &&
    [method, route].every(isOptionalText) &&
    Number.isInteger(time) &&
    Math.abs(time as number) <= TIME_MAX &&
    Object.hasOwn(ERROR_CODES, code as string) &&
    Number.isInteger(status) &&
    REJECTION_CAUSES.includes(cause as RejectionCause) &&
    [
      value.agent,
      value.detail,
      value.userId,
      value.userName,
      value.tokenId,
      value.preview,
      value.service,
    ].every(isOptionalText) &&
    [value.missingPermissions, value.missingRoles].every(areTexts);
  return isRejection ? (value as unknown as Rejection) : undefined;
}
