import { Injectable } from '@nestjs/common';
import {
  type ExplanationDto,
  type ExplanationListDto,
  type ExplanationQueryDto,
  REJECTION_CAUSES,
  type RejectionCause,
} from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, toRfc3339 } from '../../common/clock.js';
import { type Principal } from '../../common/request/principal.js';
import { TokenStandings } from '../../identity/tokens/access/token-standings.js';
import { stateOf } from '../../identity/tokens/model/token-state.js';
import { type OwnedToken } from '../../identity/tokens/model/tokens.repository.js';
import { Replicas } from '../../platform/revocation/replicas.js';
import { remedyOf, stepsOf, type PresentState } from './explain.js';
import { keepNewest, type Rejection, type RejectionCriteria, Rejections } from './rejections.js';

/** Maximum number of rejections in a list. */
const LISTED_MAX = 20;

/** Maximum characters of an answer to another replica. Longer answers lose their longest members. */
const ANSWER_MAX_LENGTH = 2_000;

/** Explains rejected requests, of this process and of the other replicas. */
@Injectable()
export class ExplanationsService {
  constructor(
    private readonly rejections: Rejections,
    private readonly replicas: Replicas,
    private readonly standings: TokenStandings,
    private readonly clock: Clock,
  ) {
    replicas.setAnswers((question) => this.answersTo(question));
  }

  /** Returns the explanation of a request. @throws ApplicationError `not_found`, also if the caller may not see it. */
  async get(traceId: string, actor: Principal): Promise<ExplanationDto> {
    const criteria = { traceId, ...visibleTo(actor) };
    const [own] = this.rejections.find(criteria, 1);
    const [rejection] = own ? [own] : await this.askOthers(criteria);
    if (!rejection) {
      throw new ApplicationError('not_found', {
        detail:
          'There is no rejected request with this id. The server keeps the latest rejections of each token for 24 hours, or until it restarts.',
      });
    }
    return this.explain(rejection);
  }

  /** Returns the latest rejections, newest first. */
  async list({ tokenId, tokenPreview }: ExplanationQueryDto, actor: Principal): Promise<ExplanationListDto> {
    const criteria = { tokenId, preview: tokenPreview, ...visibleTo(actor) };
    const found = [...this.rejections.find(criteria, LISTED_MAX), ...(await this.askOthers(criteria))];
    const latest = keepNewest(found, LISTED_MAX);
    const items: ExplanationDto[] = [];
    for (const rejection of latest) {
      items.push(await this.explain(rejection));
    }
    return { items };
  }

  private async askOthers(criteria: RejectionCriteria): Promise<Rejection[]> {
    const answers = await this.replicas.ask(JSON.stringify(criteria));
    return answers.map(parseRejection).filter((rejection) => rejection !== undefined);
  }

  private answersTo(question: string): string[] {
    const { traceId, tokenId, preview, userId } = parse(question);
    const isCriterion = (value: unknown): value is string | undefined =>
      value === undefined || typeof value === 'string';
    if (![traceId, tokenId, preview, userId].every(isCriterion)) {
      return [];
    }
    const criteria = { traceId, tokenId, preview, userId } as RejectionCriteria;
    return this.rejections.find(criteria, LISTED_MAX).map((rejection) => {
      const text = JSON.stringify(rejection);
      return text.length <= ANSWER_MAX_LENGTH
        ? text
        : JSON.stringify({ ...rejection, agent: undefined, detail: undefined, missingPermissions: [] });
    });
  }

  private async explain(rejection: Rejection): Promise<ExplanationDto> {
    const token = rejection.tokenId === undefined ? null : await this.standings.find(rejection.tokenId);
    const now = this.clock.now();
    const state: PresentState = { token, ownerHolds: await this.ownerHolds(rejection), now };
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

  /** Whether the user holds the missing permissions and roles now. */
  private async ownerHolds({ userId, missingPermissions, missingRoles }: Rejection): Promise<boolean> {
    if (userId === undefined || !(missingPermissions ?? missingRoles)) {
      return false;
    }
    return this.standings.holds(userId, missingPermissions ?? [], missingRoles ?? []);
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
    Number.isSafeInteger(time) &&
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
