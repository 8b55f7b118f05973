import { Injectable } from '@nestjs/common';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { type PresentedToken, type Principal } from '../../common/request/principal.js';
import { RecentEntries } from '../../common/recent-entries.js';
import { Config } from '../../platform/config/config.js';
import { type SomeUsers } from '../../platform/database/affected-users.js';
import { Metrics } from '../../platform/metrics/metrics.service.js';
import { RevocationListener } from '../../platform/replicas/revocation-listener.service.js';

/** Verified caller: the principal without the request. */
export type Holder = Pick<Principal, 'id' | 'name' | 'roles' | 'permissions'> & {
  readonly token: PresentedToken;
  /** Digest of a superseded secret, whose uses are counted separately. */
  readonly supersededDigest: string | undefined;
};

/**
 * Generation of the cache. A token that was read in one generation must not be stored after a later one has
 * voided its user.
 */
export type Generation = number & { readonly generation: unique symbol };

interface Entry {
  readonly holder: Holder;
  readonly readTime: EpochMilliseconds;
  readonly userVersion: number | undefined;
}

const ENTRIES_MAX = 100_000;
/** Maximum number of users with a version. Beyond it, all entries are voided instead. */
const VERSIONS_MAX = 10_000;

/**
 * Cache of verified tokens, by the digests of the presented texts. A transaction voids the entries of its
 * affected users in the tick of its commit here, or of its notification from another replica. A token that
 * was read before is not stored afterwards. While notifications of other replicas could be missed, nothing is
 * cached.
 */
@Injectable()
export class VerifiedTokens {
  private readonly maxAge: number;
  private readonly entries: RecentEntries<Entry>;
  private readonly versions = new Map<string, number>();
  private current = 0;
  /** Latest generation that voided all users. */
  private allVoidedIn = 0;

  constructor(
    config: Config,
    private readonly revocations: RevocationListener,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.maxAge = config.tokenCacheSeconds * 1_000;
    this.entries = new RecentEntries(ENTRIES_MAX, this.maxAge);
    metrics.gauge('latchkey_tokens_cached', 'Verified tokens in the cache.', () => this.entries.size);
    revocations.subscribe((affected) => this.invalidate(affected));
  }

  /**
   * Whether the cache is never older than the database. With replicas, it can be older for a moment, because
   * their revocations arrive by a notification.
   */
  get isExact(): boolean {
    return !this.revocations.hasReplicas;
  }

  /** Generation to read before a query and to pass to {@link store}. */
  get generation(): Generation {
    return this.current as Generation;
  }

  /** Returns the caller for a presented text, if it is cached and still valid. */
  find(digest: string): Holder | undefined {
    const entry = this.entries.get(digest);
    if (!entry || !this.revocations.isCurrent) {
      return undefined;
    }
    const { token, id } = entry.holder;
    const now = this.clock.now();
    const age = now - entry.readTime;
    const isValid =
      age >= 0 &&
      age < this.maxAge &&
      (token.expirationTime === null || now < token.expirationTime) &&
      this.versions.get(id) === entry.userVersion;
    if (!isValid) {
      this.entries.delete(digest);
      return undefined;
    }
    return entry.holder;
  }

  /**
   * Caches a caller, unless its user was affected since the query began, or a notification could have been
   * missed.
   */
  store(digest: string, holder: Holder, readIn: Generation): void {
    const userVersion = this.versions.get(holder.id);
    const voidedIn = Math.max(this.allVoidedIn, userVersion ?? 0);
    if (this.maxAge > 0 && voidedIn <= readIn && this.revocations.isCurrent) {
      const readTime = this.clock.now();
      this.entries.set(digest, { holder, readTime, userVersion }, readTime);
    }
  }

  private invalidate(affected: SomeUsers): void {
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
