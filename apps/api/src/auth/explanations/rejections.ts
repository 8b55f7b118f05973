import { Injectable } from '@nestjs/common';
import { type ErrorCode, type RejectionCause, type ReportedRejectionDto } from '@latchkey/auth-models';
import { type FastifyRequest } from 'fastify';
import { type ApplicationError, type MatchedCredentials } from '../../common/application-error.js';
import { Clock, DAY_MILLISECONDS, type EpochMilliseconds } from '../../common/clock.js';
import { FIELDS } from '../../common/request/header-fields.js';
import { type Principal, principalOf } from '../../common/request/principal.js';
import { requestOrigin, type RequestOrigin } from '../../common/request/request-origin.js';
import { PROBLEM_STATUS } from '../../http/problems/problem-catalog.js';
import { RejectionLog } from '../../http/problems/api-exception.filter.js';
import { RecentEntries } from '../../identity/tokens/cache/verified-tokens.js';
import { previewOf } from '../../platform/crypto/secrets.js';
import { parseTokenCredentials } from '../credentials/token-credentials.js';

/** A rejected request, as this process keeps it. */
export interface Rejection {
  readonly traceId: string;
  readonly time: EpochMilliseconds;
  /** Absent if a verifier rejected the request. */
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
  readonly userName?: string;
  readonly tokenId?: string;
  /** Preview of the presented secret. */
  readonly preview?: string;
  readonly missingPermissions?: readonly string[];
  readonly missingRoles?: readonly string[];
  /** Name of the service that asked about the token. */
  readonly service?: string;
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
/** Maximum number of tokens, and of users without one, whose rejections are kept; at least the latest half is. */
const KNOWN_MAX = 2_000;
/** Maximum number of rejections of each token or user. */
const EACH_MAX = 20;
/** Maximum number of rejections whose credentials match no user. */
const STRANGERS_MAX = 10_000;
/** Time within which requests with the same id count as repetitions. */
const REPEATED_MILLISECONDS = 10_000;
/** Number of rejections that are sorted at once. */
const SORTED_MAX = 1_000;
const DETAIL_MAX_LENGTH = 300;
const MISSING_MAX = 20;

const CAUSE_BY_CODE: Partial<Record<ErrorCode, RejectionCause>> = {
  ambiguous_credentials: 'ambiguous_credentials',
  credentials_in_url: 'credentials_in_url',
  token_expired: 'token_expired',
  token_disabled: 'token_disabled',
  token_revoked: 'token_revoked',
  token_not_yet_valid: 'token_not_yet_valid',
  token_used_up: 'token_used_up',
  user_disabled: 'user_disabled',
  set_up_refused: 'set_up_link_invalid',
  insufficient_scope: 'missing_permission',
  address_not_allowed: 'address_not_allowed',
  above_your_permissions: 'above_your_permissions',
  token_superseded: 'superseded_secret',
  same_origin_required: 'cross_origin',
  throttled: 'throttled',
  rate_limited: 'rate_limited',
};

const CODE_BY_CAUSE: Record<ReportedRejectionDto['cause'], ErrorCode> = {
  no_credentials: 'unauthenticated',
  malformed_credentials: 'unauthenticated',
  ambiguous_credentials: 'ambiguous_credentials',
  missing_permission: 'insufficient_scope',
};

/**
 * The latest rejected requests of this process, for explanations. Kept in memory, so that rejections cause no database writes. Each
 * token has its own share, and requests whose credentials match nothing have a separate one, so that no flood displaces the rejections
 * of others.
 */
@Injectable()
export class Rejections implements RejectionLog {
  private readonly known = new RecentEntries<Rejection[]>(KNOWN_MAX, KEPT_MILLISECONDS);
  private readonly strangers = new RecentEntries<Rejection>(STRANGERS_MAX, KEPT_MILLISECONDS);

  constructor(private readonly clock: Clock) {}

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
      ...previewIn(request.headers),
    });
  }

  /** Records that a service introspected an invalid token. */
  noteIntrospection(error: ApplicationError, secret: string, origin: RequestOrigin, service: string): void {
    this.keep(error, origin, {
      method: 'POST',
      route: '/auth/introspect',
      status: error.code === 'address_not_allowed' || error.code === 'rate_limited' ? 403 : 401,
      cause: error.options.rejectionCause ?? CAUSE_BY_CODE[error.code] ?? 'unknown_secret',
      isPassword: false,
      preview: previewOf(secret),
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
      ...(agent !== undefined && { agent }),
      ...matched,
      ...(missingPermissions && { missingPermissions }),
      ...(missingRoles && { missingRoles }),
    };
    this.store(rejection);
  }

  /** Returns rejections of the last 24 hours, newest first. */
  find({ traceId, tokenId, preview, userId }: RejectionCriteria, max: number): Rejection[] {
    const since = this.clock.now() - KEPT_MILLISECONDS;
    const found: Rejection[] = [];
    const select = (rejection: Rejection) => {
      if (
        rejection.time > since &&
        (traceId === undefined || rejection.traceId === traceId) &&
        (tokenId === undefined || rejection.tokenId === tokenId) &&
        (preview === undefined || rejection.preview === preview) &&
        (userId === undefined || rejection.userId === userId)
      ) {
        found.push(rejection);
        if (found.length >= SORTED_MAX) {
          keepNewest(found, max);
        }
      }
    };
    for (const rejections of tokenId === undefined ? this.known.values() : [this.known.get(tokenId) ?? []]) {
      rejections.forEach(select);
    }
    // Clients can choose request ids, so requests with unknown secrets must not hide those of known users.
    if (userId === undefined && tokenId === undefined && (traceId === undefined || found.length === 0)) {
      for (const rejection of traceId === undefined
        ? this.strangers.values()
        : [this.strangers.get(traceId)]) {
        if (rejection) {
          select(rejection);
        }
      }
    }
    return keepNewest(found, max);
  }

  private keep(
    { code, options }: ApplicationError,
    { address, agent, traceId }: RequestOrigin,
    {
      matched = options.matched,
      ...rest
    }: Pick<Rejection, 'method' | 'route' | 'status' | 'cause' | 'isPassword' | 'preview' | 'service'> & {
      matched?: MatchedCredentials;
    },
  ): void {
    const { detail, missingPermissions, missingRoles } = options;
    const rejection: Rejection = {
      traceId,
      time: this.clock.now(),
      code,
      address,
      ...rest,
      ...(agent !== undefined && { agent }),
      ...(detail !== undefined && { detail: detail.slice(0, DETAIL_MAX_LENGTH) }),
      ...matched,
      ...(missingPermissions && { missingPermissions: missingPermissions.slice(0, MISSING_MAX) }),
      ...(missingRoles && { missingRoles: missingRoles.slice(0, MISSING_MAX) }),
    };
    this.store(rejection);
  }

  private store(rejection: Rejection): void {
    const { traceId, tokenId, userId } = rejection;
    const key = tokenId ?? userId;
    const now = this.clock.now();
    if (key === undefined) {
      const earlier = this.strangers.get(traceId);
      if (!earlier || !isRepetition(rejection, earlier)) {
        this.strangers.set(traceId, rejection, now);
      }
      return;
    }
    const latest = this.known.get(key) ?? [];
    if (!latest.some((earlier) => isRepetition(rejection, earlier))) {
      latest.push(rejection);
      if (latest.length > EACH_MAX) {
        latest.shift();
      }
    }
    this.known.set(key, latest, now);
  }
}

/** Whether a gateway repeated a request. Verifiers ask again for the reason, without the address of the client. */
function isRepetition({ traceId, cause, time }: Rejection, earlier: Rejection): boolean {
  return (
    traceId === earlier.traceId &&
    (cause === earlier.cause || earlier.service !== undefined) &&
    Math.abs(time - earlier.time) < REPEATED_MILLISECONDS
  );
}

/** Sorts rejections, newest first, and removes those beyond the maximum. */
export function keepNewest(rejections: Rejection[], max: number): Rejection[] {
  rejections.sort((a, b) => b.time - a.time).splice(max);
  return rejections;
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
  return CAUSE_BY_CODE[code];
}

function withoutMatch({ headers }: FastifyRequest): RejectionCause {
  const isPresented = [FIELDS.xAuthToken, FIELDS.authorization].some((name) => headers[name] !== undefined);
  return isPresented ? 'malformed_credentials' : 'no_credentials';
}

function previewIn(headers: FastifyRequest['headers']): { preview?: string } {
  try {
    const credentials = parseTokenCredentials(headers);
    return credentials ? { preview: previewOf(credentials.secret) } : {};
  } catch {
    // The request has two different tokens.
    return {};
  }
}
