import { Injectable } from '@nestjs/common';
import { type TokenKind } from '@latchkey/auth-models';
import { toRfc3339, type EpochMilliseconds } from '../common/clock.js';
import { Config } from '../config/config.js';
import { type Token } from './token.entity.js';
import { endRefused, type WishedEnd } from './wished-end.js';

/** The absolute end that a token gets, and what of the wish was not done. */
export interface GrantedEnd {
  /** `null` = none. */
  expirationTime: EpochMilliseconds | null;
  warnings: string[];
}

/** What of a token counts for how long it may live. */
type Living = Pick<Token, 'kind' | 'creationTime' | 'expirationTime' | 'lifeStartTime'>;

const NEVER = Infinity;

/**
 * How long tokens live. A session ends at the latest so long after its log-in, whatever is done to it; an API token so
 * long from when its end was given, and no later than the API token it was made with.
 */
@Injectable()
export class TokenLives {
  constructor(private readonly config: Config) {}

  /** The end of a session that is begun now. */
  ofNewSession(wish: EpochMilliseconds | undefined, now: EpochMilliseconds): GrantedEnd {
    const maximum = this.maximum({ kind: 'session', creationTime: now }, NEVER, now);
    return granted(wish ?? maximum, maximum, NEVER);
  }

  /** The end of an API token that is made now, with another token or none. @throws ApplicationError `validation_failed`. */
  ofNewApiToken(wish: WishedEnd, now: EpochMilliseconds, parent: Token | null): GrantedEnd {
    const { defaultSeconds, maxSeconds } = this.config.apiTokens;
    this.checkEndless('api', wish);
    const usual = now + Math.min(defaultSeconds, maxSeconds) * 1_000;
    const target = wish === undefined ? usual : (wish ?? NEVER);
    return granted(
      target,
      this.maximum({ kind: 'api', creationTime: now }, target, now),
      endOfParent(parent),
    );
  }

  /** The end of a token that is given another one. @throws ApplicationError `validation_failed`. */
  changed(
    token: Living,
    wish: EpochMilliseconds | null,
    now: EpochMilliseconds,
    parent: Token | null,
  ): GrantedEnd {
    this.checkEndless(token.kind, wish);
    const target = wish ?? NEVER;
    return granted(target, this.maximum(token, target, now), latestBeside(parent, token));
  }

  /** The end of a token that is rotated: as wished, or its former length anew. @throws ApplicationError `validation_failed`. */
  rotated(token: Living, wish: WishedEnd, now: EpochMilliseconds, parent: Token | null): GrantedEnd {
    if (wish !== undefined) {
      return this.changed(token, wish, now, parent);
    }
    const target = now + ((token.expirationTime ?? NEVER) - token.lifeStartTime);
    const maximum = this.maximum(token, target, now);
    // No session gets its whole length anew, so it is not worth a warning.
    const latest = token.kind === 'session' ? Math.min(target, maximum) : target;
    return granted(latest, maximum, latestBeside(parent, token));
  }

  /** A session's end unless it is bumped, when it was bumped now. */
  idleEnd(now: EpochMilliseconds, expirationTime: EpochMilliseconds | null): EpochMilliseconds {
    return Math.min(now + this.config.sessionIdleSeconds * 1_000, expirationTime ?? NEVER);
  }

  private maximum(
    { kind, creationTime }: Pick<Token, 'kind' | 'creationTime'>,
    target: number,
    now: EpochMilliseconds,
  ): number {
    if (kind === 'session') {
      return creationTime + this.config.sessionMaxSeconds * 1_000;
    }
    const { maxSeconds, mayBeEndless } = this.config.apiTokens;
    return target === NEVER && mayBeEndless ? NEVER : now + maxSeconds * 1_000;
  }

  private checkEndless(kind: TokenKind, wish: WishedEnd): void {
    if (wish === null && kind === 'session') {
      throw endRefused('session_ends', 'a session always ends; make an API token for what shall last');
    }
    if (wish === null && !this.config.apiTokens.mayBeEndless) {
      const message =
        'this server gives every token an end; name a time, or have LATCHKEY_API_TOKEN_NO_EXPIRY set to true';
      throw endRefused('no_expiry', message);
    }
  }
}

/** How late a token may end for the one it is made with. A session bounds nothing: what is made with it shall outlive it. */
function endOfParent(parent: Token | null): number {
  return parent?.kind === 'api' ? (parent.expirationTime ?? NEVER) : NEVER;
}

/** The same for a token there is already: it may keep the end it has. */
function latestBeside(parent: Token | null, { expirationTime }: Living): number {
  return Math.max(endOfParent(parent), expirationTime ?? NEVER);
}

function granted(target: number, maximum: number, endOfParent: number): GrantedEnd {
  const end = Math.min(target, maximum, endOfParent);
  const expirationTime = end === NEVER ? null : end;
  if (expirationTime === null || end === target) {
    return { expirationTime, warnings: [] };
  }
  const limit = end === maximum ? 'the maximum' : 'the end of the token it was made with';
  return {
    expirationTime,
    warnings: [`expirationTime is beyond ${limit}; the token ends at ${toRfc3339(end)}`],
  };
}
