import { Injectable } from '@nestjs/common';
import { type TokenKind } from '@latchkey/auth-models';
import { ApplicationError } from '../../../common/application-error.js';
import { toRfc3339, type EpochMilliseconds } from '../../../common/clock.js';
import { Config } from '../../../platform/config/config.js';
import { type Token } from './token.entity.js';
import { invalidExpiry, type RequestedExpiry } from './requested-expiry.js';

/** The absolute end that a token gets, and what of the wish was not done. */
export interface GrantedExpiry {
  /** `null` = none. */
  expirationTime: EpochMilliseconds | null;
  warnings: string[];
}

/** What of a token counts for how long it may live. */
type Living = Pick<
  Token,
  'id' | 'kind' | 'creationTime' | 'expirationTime' | 'maxExpirationTime' | 'lifeStartTime'
>;

/** The token that a caller presents, as far as it decides about the lives of others. */
export type Presented = Pick<Token, 'id' | 'kind' | 'expirationTime'> & {
  /** Those of the tokens in question that were created with it, directly or through others. */
  readonly created: ReadonlySet<string>;
};

/** Something that bounds an expiry, by the name that warnings give it. */
interface Limit {
  latest: number;
  name: string;
}

const NEVER = Infinity;

/**
 * How long tokens live. A session ends at the latest so long after its log-in, whatever is done to it; an API token so
 * long from when its end was given, and no later than its own bound. No token extends itself, and an API token lets
 * nothing live longer than it does, so that a short-lived token cannot be turned into a long-lived one.
 */
@Injectable()
export class TokenLifetimePolicy {
  constructor(private readonly config: Config) {}

  /** The end of a session that is begun now. */
  forNewSession(requested: EpochMilliseconds | undefined, now: EpochMilliseconds): GrantedExpiry {
    const maximum = this.maximum({ kind: 'session', creationTime: now }, NEVER, now);
    return granted(requested ?? maximum.latest, maximum);
  }

  /**
   * The end of an API token that is made now, with another token or none, and the bound on all ends that it can be given
   * later. @throws ApplicationError `validation_failed`.
   */
  forNewApiToken(
    requested: RequestedExpiry,
    now: EpochMilliseconds,
    parent: Pick<Token, 'kind' | 'expirationTime'> | null,
  ): GrantedExpiry & Pick<Token, 'maxExpirationTime'> {
    const { defaultSeconds, maxSeconds } = this.config.apiTokens;
    this.checkEndless('api', requested);
    // A session sets no bound: what is made with it shall outlive it.
    const maxExpirationTime = parent?.kind === 'api' ? parent.expirationTime : null;
    const usual = now + Math.min(defaultSeconds, maxSeconds) * 1_000;
    const target = requested === undefined ? usual : (requested ?? NEVER);
    const maximum = this.maximum({ kind: 'api', creationTime: now }, target, now);
    return { ...granted(target, maximum, boundOf({ maxExpirationTime })), maxExpirationTime };
  }

  /**
   * The end of a token that is given another one.
   *
   * @throws ApplicationError `validation_failed`, or `forbidden` if the presented token would extend itself.
   */
  changed(
    token: Living,
    requested: EpochMilliseconds | null,
    now: EpochMilliseconds,
    presented: Presented | null,
  ): GrantedExpiry {
    const target = this.targetOf(token, requested, now, presented);
    const current = token.expirationTime ?? NEVER;
    return granted(target, this.maximum(token, target, now), boundOf(token), {
      ...endOfPresented(presented),
      // The token may keep the end it has.
      latest: Math.max(current, endOfPresented(presented).latest),
    });
  }

  /**
   * The end of a token that is rotated: as wished, or its former length anew. Whoever rotates a token knows its secret from
   * then on, so it ends no later than the API token it is rotated with.
   *
   * @throws ApplicationError `validation_failed`, or `forbidden` if the presented token would extend itself.
   */
  rotated(
    token: Living,
    requested: RequestedExpiry,
    now: EpochMilliseconds,
    presented: Presented | null,
  ): GrantedExpiry {
    if (token.kind === 'session' && presented?.kind === 'api') {
      // The session would issue tokens that outlive the API token, and that its revocation does not find.
      throw new ApplicationError('forbidden', {
        detail: 'An API token cannot rotate a session. Sign in, or use the session itself.',
      });
    }
    const target =
      requested === undefined
        ? now + ((token.expirationTime ?? NEVER) - token.lifeStartTime)
        : this.targetOf(token, requested, now, presented);
    const limits = [
      this.maximum(token, target, now),
      boundOf(token),
      ...(isOwnOf(presented, token) ? [presentEndOf(token)] : []),
      endOfPresented(presented),
    ];
    // No session gets its whole length anew, so it is not worth a warning.
    const isSilent = requested === undefined && token.kind === 'session';
    return granted(isSilent ? Math.min(target, ...limits.map(({ latest }) => latest)) : target, ...limits);
  }

  /** A session's end unless it is bumped, when it was bumped now. */
  idleExpiry(now: EpochMilliseconds, expirationTime: EpochMilliseconds | null): EpochMilliseconds {
    return Math.min(now + this.config.sessionIdleSeconds * 1_000, expirationTime ?? NEVER);
  }

  /** Reads a wish for an end. @throws ApplicationError `validation_failed`, or `forbidden` as {@link changed} does. */
  private targetOf(
    token: Living,
    requested: EpochMilliseconds | null,
    now: EpochMilliseconds,
    presented: Presented | null,
  ): number {
    this.checkEndless(token.kind, requested);
    const target = requested ?? NEVER;
    const { latest } = this.maximum(token, target, now);
    if (isOwnOf(presented, token) && Math.min(target, latest) > (token.expirationTime ?? NEVER)) {
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

  private checkEndless(kind: TokenKind, requested: RequestedExpiry): void {
    if (requested === null && kind === 'session') {
      throw invalidExpiry('session_ends', 'a session always ends; make an API token for what shall last');
    }
    if (requested === null && !this.config.apiTokens.mayBeEndless) {
      const message =
        'this server gives every token an end; name a time, or have LATCHKEY_API_TOKEN_NO_EXPIRY set to true';
      throw invalidExpiry('no_expiry', message);
    }
  }
}

/**
 * Checks that a token may be enabled with the token a caller presents: like an extension, that lets nothing work beyond
 * the life of an API token.
 *
 * @throws ApplicationError `forbidden`.
 */
export function checkMayEnable(
  { expirationTime }: Pick<Token, 'expirationTime'>,
  presented: Presented | null,
): void {
  if ((expirationTime ?? NEVER) > endOfPresented(presented).latest) {
    throw new ApplicationError('forbidden', {
      detail:
        'The token you use expires before this one, so it cannot enable it. Sign in, or use another token.',
    });
  }
}

/** Whether a token is the presented one, or was created with it. Sessions bound only themselves. */
function isOwnOf(presented: Presented | null, { id }: Pick<Token, 'id'>): boolean {
  return presented?.id === id || (presented?.kind === 'api' && presented.created.has(id));
}

function boundOf({ maxExpirationTime }: Pick<Token, 'maxExpirationTime'>): Limit {
  return { latest: maxExpirationTime ?? NEVER, name: 'the expiry of the token it was created with' };
}

function endOfPresented(presented: Presented | null): Limit {
  return {
    latest: presented?.kind === 'api' ? (presented.expirationTime ?? NEVER) : NEVER,
    name: 'the expiry of the token you use',
  };
}

function presentEndOf({ expirationTime }: Pick<Token, 'expirationTime'>): Limit {
  return { latest: expirationTime ?? NEVER, name: 'the current expiry, which the token you use cannot move' };
}

/** The earliest of a target and some limits; of equal limits the first is named. */
function granted(target: number, ...limits: Limit[]): GrantedExpiry {
  const strictest = limits.reduce((one, other) => (other.latest < one.latest ? other : one));
  const end = Math.min(target, strictest.latest);
  const expirationTime = end === NEVER ? null : end;
  if (expirationTime === null || end === target) {
    return { expirationTime, warnings: [] };
  }
  return {
    expirationTime,
    warnings: [`expirationTime is beyond ${strictest.name}; the token ends at ${toRfc3339(end)}`],
  };
}
