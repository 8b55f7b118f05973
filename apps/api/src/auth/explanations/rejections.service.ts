import { Injectable } from '@nestjs/common';
import {
  type ErrorCode,
  REJECTION_CAUSES,
  type RejectionCause,
  type ReportedRejectionDto,
} from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';
import { type ApplicationError, type MatchedCredentials } from '../../common/application-error.js';
import { Clock, DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.service.js';
import { RecentEntries } from '../../common/recent-entries.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { type Principal, principalOf } from '../../common/request/principal.js';
import { copyOf, requestOrigin, type RequestOrigin } from '../../common/request/request-origin.js';
import { PROBLEM_STATUS } from '../../http/problems/problem-catalog.js';
import { RejectionLog } from '../../http/problems/api-exception.filter.js';
import { type OwnedToken } from '../../tokens/model/tokens.repository.js';
import { CanaryAlarms } from '../../tokens/usage/canary-alarms.service.js';
import { digestOf, previewOf } from '../../platform/crypto/secrets.js';
import { parseTokenCredentials } from '../credentials/token-credentials.js';

/** A rejected request, as this process keeps it. */
export interface Rejection {
  readonly traceId: string;
  readonly time: EpochMilliseconds;
  /** Absent if a service rejected the request, and did not describe it completely. */
  readonly method?: string;
  readonly route?: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly cause: RejectionCause;
  readonly address: string;
  /** Whether the route takes a password. */
  readonly isPassword: boolean;
  readonly agent?: string;
  readonly detail?: string;
  /** User whose secret was presented. */
  readonly userId?: string;
  /** Name of this user, or of the account of a failed login. */
  readonly userName?: string;
  readonly tokenId?: string;
  /** Preview of the presented secret. */
  readonly preview?: string;
  /** Digest of the presented secret, if no token has it. A rotation may have replaced it. */
  readonly digest?: string;
  readonly missingPermissions?: readonly string[];
  readonly missingRoles?: readonly string[];
  /** Name of the service that asked about the token. */
  readonly service?: string;
  /** Whether a verifier has reported it. */
  readonly isReported?: true;
}

/** Criteria for rejections; all that are present must match. */
export interface RejectionCriteria {
  readonly traceId?: string;
  readonly tokenId?: string;
  readonly preview?: string;
  /** User whose rejections the caller can see; absent if all. */
  readonly userId?: string;
}

const KEPT_MILLISECONDS = DAY_MILLISECONDS;
/**
 * Maximum number of tokens, and of users without one, whose rejections are kept; at least the latest half is.
 */
const KNOWN_MAX = 2_000;
/** Maximum number of rejections of each token or user. */
const EACH_MAX = 20;
/** Maximum number among them that verifiers have reported, so that a faulty one cannot replace all. */
const REPORTED_MAX = 10;
/** Maximum number of rejections whose credentials match no user. */
const UNMATCHED_MAX = 10_000;
/** Time within which requests with the same id count as repetitions. */
const REPEATED_MILLISECONDS = 10_000;
const DETAIL_MAX_LENGTH = 300;
/** Characters of missing names after which further ones are left out. */
const MISSING_MAX_LENGTH = 500;

/** Causes for which a verifier reports a detail. */
const DETAILED_REPORTS: readonly RejectionCause[] = ['invalid_query', 'step_up_required'];

/** Causes whose name differs from their error code. */
const CAUSE_BY_CODE: Partial<Record<ErrorCode, RejectionCause>> = {
  set_up_refused: 'set_up_link_invalid',
  insufficient_scope: 'missing_permission',
  token_superseded: 'superseded_secret',
  same_origin_required: 'cross_origin',
};

const CODE_BY_CAUSE: Record<ReportedRejectionDto['cause'], ErrorCode> = {
  no_credentials: 'unauthenticated',
  malformed_credentials: 'unauthenticated',
  ambiguous_credentials: 'ambiguous_credentials',
  missing_permission: 'insufficient_scope',
  step_up_required: 'step_up_required',
  invalid_query: 'forbidden',
};

/**
 * The latest rejected requests of this process, for explanations. Kept in memory, so that rejections cause no
 * database writes. Each token has its own share, and requests whose credentials match nothing have a separate
 * one, so that no flood displaces the rejections of others.
 */
@Injectable()
export class Rejections implements RejectionLog {
  private readonly known = new RecentEntries<Rejection[]>(KNOWN_MAX, KEPT_MILLISECONDS);
  private readonly unmatched = new RecentEntries<Rejection>(UNMATCHED_MAX, KEPT_MILLISECONDS);

  constructor(
    private readonly clock: Clock,
    canaryAlarms: CanaryAlarms,
  ) {
    canaryAlarms.onUse((token, traceIds) => this.noteCanary(token, traceIds));
  }

  note(request: FastifyRequest, error: ApplicationError, status: number): void {
    const caller = principalOf(request) ?? error.options.actor;
    const cause = causeOf(error, request, caller);
    // The console requests its session on each visit to the sign-in page.
    if (!cause || (cause === 'no_credentials' && request.routeOptions.url === '/auth/session')) {
      return;
    }
    const { routeOptions, method, expectsBasic = false } = request;
    this.keep(error, requestOrigin(request), {
      method,
      route: routeOptions.url ?? 'none',
      status,
      cause,
      isPassword: expectsBasic,
      ...(caller && { matched: { userId: caller.id, userName: caller.name, tokenId: caller.token?.id } }),
      secret: secretIn(request.headers),
    });
  }

  /**
   * Records that a service introspected an invalid token. The last argument is the request that explanations
   * show.
   */
  noteIntrospection(
    error: ApplicationError,
    secret: string | undefined,
    origin: RequestOrigin,
    service: string,
    { method, route }: { readonly method?: string | undefined; readonly route?: string | undefined },
  ): void {
    this.keep(error, origin, {
      ...(method !== undefined && { method }),
      ...(route !== undefined && { route }),
      status: error.code === 'address_not_allowed' || error.code === 'rate_limited' ? 403 : 401,
      cause: error.options.rejectionCause ?? causeOfCode(error.code) ?? 'unknown_secret',
      isPassword: false,
      secret,
      service,
    });
  }

  /** Records a rejection that a verifier reported. */
  noteReported(
    {
      traceId,
      cause,
      ago,
      address = 'unknown',
      agent,
      method,
      route,
      detail,
      missingPermissions,
      missingRoles,
    }: ReportedRejectionDto,
    matched: MatchedCredentials | undefined,
    service: string,
  ): void {
    const code = CODE_BY_CAUSE[cause];
    const rejection: Rejection = {
      traceId,
      time: this.clock.now() - ago,
      status: PROBLEM_STATUS[code],
      code,
      cause,
      address,
      isPassword: false,
      service,
      isReported: true,
      ...(agent !== undefined && { agent }),
      ...(method !== undefined && { method }),
      ...(route !== undefined && { route }),
      ...(detail !== undefined && DETAILED_REPORTS.includes(cause) && { detail }),
      ...matched,
      ...(missingPermissions && { missingPermissions: shortened(missingPermissions) }),
      ...(missingRoles && { missingRoles: shortened(missingRoles) }),
    };
    this.store(rejection);
  }

  /**
   * Returns rejections of the last 24 hours, newest first. With `traceId` and `userId`, also that of an
   * unknown secret, which may be an old one of the user.
   */
  find(criteria: RejectionCriteria, max: number): Rejection[] {
    const { traceId, tokenId } = criteria;
    const since = this.clock.now() - KEPT_MILLISECONDS;
    const found: Rejection[] = [];
    const select = (rejection: Rejection) => {
      if (rejection.time > since && matches(rejection, criteria)) {
        insert(rejection, found, max);
      }
    };
    for (const rejections of tokenId === undefined ? this.known.values() : [this.known.get(tokenId) ?? []]) {
      // All rejections of a token are of one user.
      if (criteria.userId !== undefined && rejections[0]?.userId !== criteria.userId) {
        continue;
      }
      // Insert the newest first: rejections of the same millisecond keep the order of insertion.
      rejections.toReversed().forEach(select);
    }
    if (tokenId === undefined && (criteria.userId === undefined || traceId !== undefined)) {
      const other = traceId === undefined ? undefined : this.unmatched.get(traceId);
      for (const rejection of traceId === undefined ? this.unmatched.values() : other ? [other] : []) {
        select(rejection);
      }
    }
    return found;
  }

  /**
   * Marks rejected requests whose unknown secret was a canary, so that the owner of the canary can see them
   * too.
   */
  private noteCanary({ id, preview, user }: OwnedToken, traceIds: readonly string[]): void {
    for (const traceId of traceIds) {
      const rejection = this.unmatched.get(traceId);
      if (rejection?.cause === 'unknown_secret' && (rejection.preview ?? preview) === preview) {
        this.unmatched.delete(traceId);
        this.store({ ...rejection, cause: 'canary', tokenId: id, userId: user.id, userName: user.name });
      }
    }
  }

  private keep(
    { code, options }: ApplicationError,
    { address, agent, traceId }: RequestOrigin,
    {
      matched = options.matched,
      secret,
      ...rest
    }: Pick<Rejection, 'method' | 'route' | 'status' | 'cause' | 'isPassword' | 'service'> & {
      matched?: MatchedCredentials;
      secret: string | undefined;
    },
  ): void {
    const { detail, accountName, missingPermissions, missingRoles } = options;
    this.store({
      traceId: copyOf(traceId),
      time: this.clock.now(),
      code,
      address: copyOf(address),
      ...rest,
      ...(secret !== undefined && { preview: previewOf(secret) }),
      ...(secret !== undefined && rest.cause === 'unknown_secret' && { digest: digestOf(secret) }),
      ...(agent !== undefined && { agent: copyOf(agent) }),
      ...(detail !== undefined && { detail: copyOf(detail.slice(0, DETAIL_MAX_LENGTH)) }),
      ...(accountName !== undefined && { userName: accountName }),
      ...matched,
      ...(missingPermissions && { missingPermissions: shortened(missingPermissions) }),
      ...(missingRoles && { missingRoles: shortened(missingRoles) }),
    });
  }

  private store(rejection: Rejection): void {
    const { traceId, tokenId, userId } = rejection;
    const key = tokenId ?? userId;
    const now = this.clock.now();
    if (key === undefined) {
      const earlier = this.unmatched.get(traceId);
      if (!earlier || !isRepetition(rejection, earlier)) {
        this.unmatched.set(traceId, rejection, now);
      }
      return;
    }
    const latest = this.known.get(key) ?? [];
    if (!latest.some((earlier) => isRepetition(rejection, earlier))) {
      latest.push(rejection);
    }
    const reported = latest.filter(({ isReported }) => isReported);
    if (reported.length > REPORTED_MAX) {
      latest.splice(latest.indexOf(reported[0] as Rejection), 1);
    } else if (latest.length > EACH_MAX) {
      latest.shift();
    }
    this.known.set(key, latest, now);
  }
}

/** Whether a gateway has repeated a request. */
function isRepetition(rejection: Rejection, earlier: Rejection): boolean {
  const { traceId, time, route, method, cause, detail } = rejection;
  return (
    traceId === earlier.traceId &&
    route === earlier.route &&
    method === earlier.method &&
    cause === earlier.cause &&
    detail === earlier.detail &&
    Math.abs(time - earlier.time) < REPEATED_MILLISECONDS
  );
}

/**
 * Whether a rejection meets all criteria. Its user is unknown if it has a digest: see
 * {@link Rejections.find}.
 */
export function matches(
  rejection: Rejection,
  { traceId, tokenId, preview, userId }: RejectionCriteria,
): boolean {
  const mayBeOwn = traceId !== undefined && rejection.digest !== undefined && rejection.userId === undefined;
  return (
    (traceId === undefined || rejection.traceId === traceId) &&
    (tokenId === undefined || rejection.tokenId === tokenId) &&
    (preview === undefined || rejection.preview === preview) &&
    (userId === undefined || rejection.userId === userId || mayBeOwn)
  );
}

/** Inserts a rejection into a list of the newest ones, unless all `max` of them are newer. */
export function insert(rejection: Rejection, newest: Rejection[], max: number): void {
  let index = newest.length;
  while (index > 0 && (newest[index - 1] as Rejection).time < rejection.time) {
    index -= 1;
  }
  if (index < max) {
    newest.splice(index, 0, rejection);
    newest.splice(max);
  }
}

/** Returns the names that fit. Otherwise an answer to another replica would be too long for PostgreSQL. */
function shortened(names: readonly string[]): string[] {
  const kept: string[] = [];
  for (let length = 0; kept.length < names.length && length < MISSING_MAX_LENGTH;) {
    const name = copyOf(names[kept.length] as string);
    length += name.length + 1;
    kept.push(name);
  }
  return kept;
}

/** Returns the cause of a rejection; `undefined` if the error is not a rejection. */
function causeOf(
  { code, options }: ApplicationError,
  request: FastifyRequest,
  caller: Principal | undefined,
): RejectionCause | undefined {
  const { rejectionCause, missingPermissions } = options;
  if (rejectionCause) {
    return rejectionCause;
  }
  if (code === 'unauthenticated') {
    return caller ? 'account_changed' : withoutMatch(request);
  }
  if (code === 'forbidden') {
    return missingPermissions ? 'missing_permission' : 'forbidden';
  }
  return causeOfCode(code);
}

function causeOfCode(code: ErrorCode): RejectionCause | undefined {
  return CAUSE_BY_CODE[code] ?? REJECTION_CAUSES.find((cause) => cause === code);
}

function withoutMatch({ headers }: FastifyRequest): RejectionCause {
  const isPresented = [FIELDS.xAuthToken, FIELDS.authorization].some((name) => headers[name] !== undefined);
  return isPresented ? 'malformed_credentials' : 'no_credentials';
}

function secretIn(headers: FastifyRequest['headers']): string | undefined {
  try {
    return parseTokenCredentials(headers)?.secret;
  } catch {
    // The request has two different tokens.
    return undefined;
  }
}
