import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../../common/application-error.js';
import { Clock, toRfc3339, type EpochMilliseconds } from '../../common/clock.service.js';
import { Config } from '../../platform/config/config.js';
import { type Token } from './token.entity.js';

/** Expiry in a request: `null` = none, `undefined` = the default. */
export type RequestedExpiry = EpochMilliseconds | null | undefined;

/** Expiry of a token after the limits, with warnings about deviations from the request. */
interface GrantedExpiry {
  /** `null` = none. */
  expirationTime: EpochMilliseconds | null;
  warnings: string[];
}

/** Columns of a token that decide its lifetime. */
type LimitedToken = Pick<
  Token,
  'id' | 'kind' | 'creationTime' | 'expirationTime' | 'maxExpirationTime' | 'lifeStartTime'
>;

/** Columns of the presented token that limit the expiry of others. */
export type Presented = Pick<Token, 'id' | 'kind' | 'expirationTime' | 'useLimits'> & {
  /** The tokens in question that were created with it, directly or through others. */
  readonly created: ReadonlySet<string>;
};

/** Latest expiry, with its name or the whole reason for warnings. */
type Limit = { latest: number } & ({ name: string } | { reason: string });

const NEVER = Infinity;

/** Name of an expiry that the caller requested. */
const REQUESTED = 'expirationTime';

/**
 * Limits on the lifetime of tokens. The maximum of a session counts from its login, that of an API token from
 * the request that sets the expiry. No token extends itself, and an API token sets no expiry later than its
 * own, so that a short-lived token cannot be turned into a long-lived one. Only the token of a
 * verifier restarts its lifetime when it rotates itself.
 */
@Injectable()
export class TokenLifetimePolicy {
  constructor(
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns the expiry in a request, a time or a number of seconds from now.
   *
   * @throws ApplicationError `validation_failed` if it has passed.
   */
  parse({ expirationTime, expiresIn }: { expirationTime?: string | null; expiresIn?: number }): {
    requested: RequestedExpiry;
    now: EpochMilliseconds;
  } {
    const now = this.clock.now();
    if (expiresIn !== undefined) {
      return { requested: now + expiresIn * 1_000, now };
    }
    const requested = typeof expirationTime === 'string' ? Date.parse(expirationTime) : expirationTime;
    if (typeof requested === 'number' && !(requested > now)) {
      throw invalidExpiry('in_the_past', 'expirationTime must be in the future');
    }
    return { requested, now };
  }

  /** Returns the expiry of a new session. */
  forNewSession(requested: EpochMilliseconds | undefined, now: EpochMilliseconds): GrantedExpiry {
    const maximum = this.maximum({ kind: 'session', creationTime: now }, NEVER, now);
    return granted(requested ?? maximum.latest, [maximum]);
  }

  /** Returns the expiry of a new API token, and the latest expiry that it can ever be given. */
  forNewApiToken(
    requested: RequestedExpiry,
    now: EpochMilliseconds,
    parent: Pick<Token, 'kind' | 'expirationTime'> | null,
  ): GrantedExpiry & Pick<Token, 'maxExpirationTime'> {
    const { defaultSeconds, maxSeconds } = this.config.apiTokens;
    // A parent session sets no limit, because API tokens outlive it.
    const maxExpirationTime = parent?.kind === 'api' ? parent.expirationTime : null;
    const usual = now + Math.min(defaultSeconds, maxSeconds) * 1_000;
    const target = requested === undefined ? usual : (requested ?? NEVER);
    const maximum = this.maximum({ kind: 'api', creationTime: now }, target, now);
    const limits = [maximum, parentLimitOf({ maxExpirationTime })];
    return {
      ...granted(target, limits, requested === undefined ? 'the default expiry' : REQUESTED),
      maxExpirationTime,
    };
  }

  /**
   * Returns the expiry of a token that is changed.
   *
   * @throws ApplicationError `validation_failed`, or `forbidden` if the presented token would extend itself.
   */
  changed(
    token: LimitedToken,
    requested: EpochMilliseconds | null,
    now: EpochMilliseconds,
    presented: Presented | null,
  ): GrantedExpiry {
    const target = this.targetOf(token, requested, now, presented);
    const current = token.expirationTime ?? NEVER;
    return granted(target, [
      this.maximum(token, target, now),
      parentLimitOf(token),
      {
        ...presentedLimitOf(presented),
        // The token may keep its current expiry.
        latest: Math.max(current, presentedLimitOf(presented).latest),
      },
    ]);
  }

  /**
   * Returns the expiry of a token that is rotated: as requested, or its former lifetime again. The caller
   * gets the secret, so the token expires no later than the API token that rotates it.
   *
   * @param mayRenewItself whether the presented token restarts its lifetime when it rotates itself.
   * @throws ApplicationError `validation_failed`, or `forbidden` if the presented token would extend
   *   itself.
   */
  rotated(
    token: LimitedToken,
    requested: RequestedExpiry,
    now: EpochMilliseconds,
    presented: Presented | null,
    mayRenewItself = false,
  ): GrantedExpiry {
    if (token.kind === 'session' && presented?.kind === 'api') {
      // The session could create tokens that outlive the API token and are not revoked with it.
      throw new ApplicationError('forbidden', {
        detail: 'An API token cannot rotate a session. Sign in, or use the session itself.',
      });
    }
    const target =
      requested === undefined
        ? now + ((token.expirationTime ?? NEVER) - token.lifeStartTime)
        : this.targetOf(token, requested, now, presented);
    const isRenewal =
      mayRenewItself && token.kind === 'api' && presented?.id === token.id && requested === undefined;
    const limits = [
      this.maximum(token, target, now),
      parentLimitOf(token),
      ...(cannotExtend(presented, token) && !isRenewal ? [currentLimitOf(token, presented)] : []),
      ...(isRenewal ? [] : [presentedLimitOf(presented)]),
    ];
    // No session gets its whole lifetime again, so a warning would be noise.
    const isSilent = requested === undefined && token.kind === 'session';
    return granted(
      isSilent ? Math.min(target, ...limits.map(({ latest }) => latest)) : target,
      limits,
      requested === undefined ? 'the renewed expiry' : REQUESTED,
    );
  }

  /** Returns the idle expiry of a session that is bumped now. */
  idleExpiry(now: EpochMilliseconds, expirationTime: EpochMilliseconds | null): EpochMilliseconds {
    return Math.min(now + this.config.sessionIdleSeconds * 1_000, expirationTime ?? NEVER);
  }

  /**
   * Checks a requested expiry.
   *
   * @throws ApplicationError `validation_failed`, or `forbidden` as {@link changed} does.
   */
  private targetOf(
    token: LimitedToken,
    requested: EpochMilliseconds | null,
    now: EpochMilliseconds,
    presented: Presented | null,
  ): number {
    if (requested === null && token.kind === 'session') {
      throw invalidExpiry(
        'session_ends',
        'sessions always expire; create an API token for a longer lifetime',
      );
    }
    const target = requested ?? NEVER;
    const { latest } = this.maximum(token, target, now);
    if (cannotExtend(presented, token) && Math.min(target, latest) > (token.expirationTime ?? NEVER)) {
      throw new ApplicationError('forbidden', {
        detail: 'A token cannot extend itself or tokens created with it. Sign in, or use another token.',
      });
    }
    return target;
  }

  private maximum(
    { kind, creationTime }: Pick<Token, 'kind' | 'creationTime'>,
    target: number,
    now: EpochMilliseconds,
  ): Limit {
    const name = 'the maximum';
    if (kind === 'session') {
      return { name, latest: creationTime + this.config.sessionMaxSeconds * 1_000 };
    }
    const { maxSeconds, mayBeEndless } = this.config.apiTokens;
    return { name, latest: target === NEVER && mayBeEndless ? NEVER : now + maxSeconds * 1_000 };
  }
}

/**
 * Checks that the presented token may enable a token. Like an extension, that may not outlast the presented
 * API token. A rotation clears the report of a leaked token.
 *
 * @throws ApplicationError `forbidden`, or `conflict` if the token leaked.
 */
export function checkMayEnable(
  { expirationTime, leakReportTime }: Pick<Token, 'expirationTime' | 'leakReportTime'>,
  presented: Presented | null,
): void {
  if ((expirationTime ?? NEVER) > presentedLimitOf(presented).latest) {
    throw new ApplicationError('forbidden', {
      detail:
        'The token you use expires before this one, so it cannot enable it. Sign in, or use another token.',
    });
  }
  if (leakReportTime !== null) {
    throw new ApplicationError('conflict', {
      detail: 'This token leaked. Rotate it first, deploy the new secret, and then enable it.',
    });
  }
}

/**
 * Whether the presented token may not extend a token: itself, or one that it created. A session may extend
 * what it created.
 */
function cannotExtend(presented: Presented | null, { id }: Pick<Token, 'id'>): boolean {
  return presented?.id === id || (presented?.kind === 'api' && presented.created.has(id));
}

function parentLimitOf({ maxExpirationTime }: Pick<Token, 'maxExpirationTime'>): Limit {
  return { latest: maxExpirationTime ?? NEVER, name: 'the expiry of the token it was created with' };
}

function presentedLimitOf(presented: Presented | null): Limit {
  return {
    latest: presented?.kind === 'api' ? (presented.expirationTime ?? NEVER) : NEVER,
    name: 'the expiry of the token you use',
  };
}

/** Returns the limit of a token that keeps its expiry: a request for a later one is rejected. */
function currentLimitOf(
  { id, expirationTime }: Pick<Token, 'id' | 'expirationTime'>,
  presented: Presented | null,
): Limit {
  const cause = presented?.id === id ? 'it cannot extend itself' : 'the token you use cannot extend it';
  return { latest: expirationTime ?? NEVER, reason: `the token keeps its expiry, because ${cause}` };
}

/**
 * Returns the earliest of the target and the limits. A warning names the first of equal limits.
 *
 * @param name of the target, for warnings.
 */
function granted(target: number, limits: readonly Limit[], name = REQUESTED): GrantedExpiry {
  const strictest = limits.reduce((one, other) => (other.latest < one.latest ? other : one));
  const expiry = Math.min(target, strictest.latest);
  const expirationTime = expiry === NEVER ? null : expiry;
  if (expirationTime === null || expiry === target) {
    return { expirationTime, warnings: [] };
  }
  const reason = 'reason' in strictest ? strictest.reason : `${name} is after ${strictest.name}`;
  return {
    expirationTime,
    warnings: [`${reason}; the token expires at ${toRfc3339(expiry)}`],
  };
}

function invalidExpiry(code: string, message: string): ApplicationError {
  return new ApplicationError('validation_failed', {
    errors: [{ pointer: '/expirationTime', code, message }],
  });
}
