import { Injectable } from '@nestjs/common';
import { Clock, type EpochMilliseconds } from '../../../common/clock.js';
import { type PresentedToken, type Principal } from '../../../common/request/principal.js';
import { Config } from '../../../platform/config/config.js';
import { type AffectedUsers } from '../../../platform/database/affected-users.js';
import { Metrics } from '../../../platform/metrics/metrics.js';
import { RevocationFeed } from '../../../platform/revocation/revocation-feed.js';
import { RecentEntries } from './recent-entries.js';

/** Who holds a token and what it lets them do: all that is known of a caller but the request. */
export type Holder = Pick<Principal, 'id' | 'name' | 'roles' | 'permissions'> & {
  readonly token: PresentedToken;
  /** The digest of the secret, if it was rotated away: its uses are counted apart. */
  readonly supersededDigest: string | undefined;
};

/** A state of knowledge: what was read in one may not be remembered in a later one. */
export type Generation = number & { readonly generation: unique symbol };

interface Entry {
  readonly holder: Holder;
  readonly readTime: EpochMilliseconds;
  readonly userVersion: number | undefined;
}

const ENTRIES_MAX = 100_000;
/** Users with a version of their own; at this many all entries are forgotten instead. */
const VERSIONS_MAX = 10_000;

/**
 * Tokens that were verified a moment ago, by the digests of the texts that presented them. What could make one of them
 * stand differently voids it in the same tick in which it is committed here, or heard of from another replica; nothing is
 * remembered that was read before that. While other replicas are not heard nothing is remembered at all.
 */
@Injectable()
export class VerifiedTokens {
  private readonly maxAge: number;
  private readonly entries: RecentEntries<Entry>;
  private readonly versions = new Map<string, number>();
  private current = 0;
  /** The generation in which everybody was touched the last time. */
  private allVoidedIn = 0;

  constructor(
    config: Config,
    private readonly revocations: RevocationFeed,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.maxAge = config.tokenCacheSeconds * 1_000;
    this.entries = new RecentEntries(ENTRIES_MAX, this.maxAge);
    metrics.gauge(
      'latchkey_tokens_remembered',
      'Verified tokens that are remembered.',
      () => this.entries.size,
    );
    revocations.subscribe((affected) => this.invalidate(affected));
  }

  /** Asked before a token is looked up; {@link store} wants it back. */
  get generation(): Generation {
    return this.current as Generation;
  }

  /** Who holds the token that was presented by the text with this digest, if that is known and still good. */
  find(digest: string): Holder | undefined {
    const entry = this.entries.get(digest);
    if (!entry || !this.revocations.isCurrent) {
      return undefined;
    }
    const { token, id } = entry.holder;
    const now = this.clock.now();
    const age = now - entry.readTime;
    const isGood =
      age >= 0 &&
      age < this.maxAge &&
      (token.endTime === null || now < token.endTime) &&
      this.versions.get(id) === entry.userVersion;
    if (!isGood) {
      this.entries.delete(digest);
      return undefined;
    }
    return entry.holder;
  }

  /** Remembers who holds a token, unless its user was touched since the look-up began, or that may have been unheard. */
  store(digest: string, holder: Holder, readIn: Generation): void {
    const userVersion = this.versions.get(holder.id);
    const touchedIn = Math.max(this.allVoidedIn, userVersion ?? 0);
    if (this.maxAge > 0 && touchedIn <= readIn && this.revocations.isCurrent) {
      const readTime = this.clock.now();
      this.entries.set(digest, { holder, readTime, userVersion }, readTime);
    }
  }

  private invalidate(affected: AffectedUsers): void {
    if (affected === 'none') {
      return;
    }
    this.current += 1;
    if (affected === 'all' || this.versions.size + affected.length > VERSIONS_MAX) {
      this.allVoidedIn = this.current;
      this.entries.clear();
      this.versions.clear();
      return;
    }
    for (const userId of affected) {
      this.versions.set(userId, this.current);
    }
  }
}
