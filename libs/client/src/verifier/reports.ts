import { LatchkeyError } from '../http/latchkey-error.js';
import { type Clock } from './clock.js';
import { Outage, warning } from './outage.js';
import { reportable } from './reportable.js';

/** Maximum number of uses in a report. A report is sent early when this number waits. */
export const USES_PER_REPORT = 500;
/**
 * Maximum number of uses that wait for a report. Beyond it, the verifier asks the server, which counts the
 * uses itself.
 */
const WAITING_MAX = 10_000;
/** Maximum number of surpluses. Those of revoked tokens are never used up, so the oldest are removed. */
const SURPLUS_MAX = 1_000;
/** Maximum number of permissions in a use. The next report contains the others. */
const PERMISSIONS_PER_USE = 20;
/** Size of the uses in bytes at which a report is full. The server accepts bodies of up to 100 KiB. */
const USES_MAX_BYTES = 90_000;
/**
 * Maximum number of rejections that wait for a report, with and without a known token. The server cannot
 * explain any beyond that.
 */
const REJECTIONS_MAX = { known: 80, others: 20 };
const REJECTIONS_MAX_BYTES = 40_000;
const MISSING_MAX = 20;
const PERMISSION = /^[a-z][a-z0-9-]{0,63}:[a-z][a-z0-9-]{0,63}$/;
const ROLE = /^[a-z][a-z0-9-]{0,63}$/;
/** Milliseconds until a rejection is reported, so that it can be explained soon. */
const REJECTION_PAUSE = 1_000;
/** Milliseconds until the first report, after which administrators see the verifier. */
const FIRST_REPORT = 2_000;
/** Number of uses and rejections after which a report is dropped if the server has rejected each of them. */
const FAULTY_MAX = 10;
const RETRY_MIN = 500;
const RETRY_MAX = 10_000;
/** Longest delay in milliseconds that the server can demand. */
const RETRY_AFTER_MAX = 60_000;
/** Milliseconds between two warnings of rejected items. */
const REJECTED_PAUSE = 60_000;
const NOT_REPORTED = 'The uses of tokens were not reported';

/** Uses of one secret of a token from one address since the last report. */
interface Use extends TokenSecret {
  readonly address: string | undefined;
  agent: string | undefined;
  /** Number of answers from memory. The server counts all other uses itself. */
  count: number;
  usedAt: number;
  /** Permissions that requests required. */
  readonly permissions: string[];
  /** Whether a report contains it. */
  isReported: boolean;
}

/** Secret of a token. */
export interface TokenSecret {
  /** Id of the token. */
  readonly token: string;
  /** SHA-256 of the secret. Without it, the server would ignore what is reported of the token. */
  readonly digest: string;
}

/** Causes of rejections by a verifier. */
export type ReportedCause =
  | 'no_credentials'
  | 'malformed_credentials'
  | 'ambiguous_credentials'
  | 'missing_permission'
  | 'step_up_required'
  | 'invalid_query';

/** Rejection that the server does not know. */
export interface LocalRejection {
  readonly traceId: string;
  readonly cause: ReportedCause;
  /** Id of the token, and digest of its secret. */
  readonly token: string | undefined;
  readonly digest: string | undefined;
  readonly address: string | undefined;
  readonly agent: string | undefined;
  readonly method: string | undefined;
  readonly route: string | undefined;
  /** Problem of the query, or the missing proof; `undefined` for other causes. */
  readonly detail: string | undefined;
  readonly missingPermissions: readonly string[];
  readonly missingRoles: readonly string[];
}

/** State kept with an answer, to avoid a search for each request. */
export interface LatestUse extends TokenSecret {
  /** Latest use: most clients stay at one address. */
  use?: Use;
  /** Permissions that were added to a report. */
  demanded?: Set<string>;
}

/** Report to the server. */
export interface Report {
  readonly number: number;
  readonly local: number;
  readonly asked: number;
  readonly uses: {
    readonly token: string;
    readonly digest: string;
    readonly count: number;
    readonly ago: number;
    readonly address?: string;
    readonly agent?: string;
    readonly permissions?: readonly string[];
  }[];
  readonly rejections?: readonly object[];
}

/** Uses and rejections of a report. */
type Items = Pick<Report, 'uses' | 'rejections'>;

/** Result of sending a report. A rejected one is too large, or the server does not accept something in it. */
type Outcome = 'counted' | 'rejected' | 'dropped';

/**
 * Counts the uses of tokens that were verified from memory and reports them. The server counts each number
 * once, so a report is sent again, unchanged, until the server has responded to it. If the server rejects it,
 * its halves are sent as reports of their own.
 */
export class Reports {
  private uses = new Map<string, Use>();
  /** Uses that the server counted twice, because a request was repeated. Subtracted from later uses. */
  private readonly surplus = new Map<string, number>();
  private rejections: (LocalRejection & { readonly rejectedAt: number })[] = [];
  /** Whether the next report was moved forward for a rejection. */
  private isUrgent = false;
  private local = 0;
  private asked = 0;
  private number = 0;
  private sending: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private interval = 10_000;
  private isStarted = false;
  private closing: AbortSignal | undefined;
  /** Ends the pause before the next attempt. */
  private wake: (() => void) | undefined;
  readonly totals = { local: 0, asked: 0 };
  private readonly outage: Outage;
  /** Number of uses and rejections in reports that the server has rejected since the last warning. */
  private rejectedItems = 0;
  private rejectedWarnedAt = -Infinity;
  /** Error of the last report that the server rejected. */
  private rejectedError: unknown;

  constructor(
    private readonly clock: Clock,
    /** Sends a report. Rejects with a LatchkeyError unless the server has counted it. */
    private readonly send: (report: Report) => Promise<void>,
    private readonly onWarning: (error: unknown) => void,
  ) {
    this.outage = new Outage(NOT_REPORTED, 'The uses of tokens are reported again', clock, onWarning);
  }

  /** Whether more uses can be counted. */
  get hasRoom(): boolean {
    return this.uses.size < WAITING_MAX;
  }

  /** Begins to report, or changes the interval. */
  start(interval: number): void {
    this.interval = interval;
    if (!this.isStarted) {
      this.isStarted = true;
      this.schedule(Math.min(interval, FIRST_REPORT));
    }
  }

  countAsked(): void {
    this.asked += 1;
    this.totals.asked += 1;
  }

  /** Notes that the server will count one request twice. */
  addSurplus(secret: TokenSecret, address: string | undefined): void {
    const key = keyOf(secret, address);
    this.surplus.set(key, (this.surplus.get(key) ?? 0) + 1);
    if (this.surplus.size > SURPLUS_MAX) {
      const [oldest = ''] = this.surplus.keys();
      this.surplus.delete(oldest);
    }
  }

  /** Counts a use of a token. */
  count(latest: LatestUse, address: string | undefined, agent: string | undefined): void {
    this.local += 1;
    this.totals.local += 1;
    let { use } = latest;
    if (!use || use.isReported || use.address !== address) {
      use = this.useOf(latest, address);
      latest.use = use;
    }
    use.count += 1;
    use.usedAt = this.clock.monotonic();
    use.agent = agent;
  }

  /**
   * Records the permissions of a token that a request required, even if the server was asked. After the first
   * time for an answer, this costs one read in memory per permission.
   */
  demand(latest: LatestUse, permissions: readonly string[]): void {
    for (const permission of permissions) {
      if (!latest.demanded?.has(permission)) {
        this.addDemand(latest, permission);
      }
    }
  }

  /** Records a rejection. Beyond the maximum, it is dropped. Those of a known token are reported soon. */
  reject(rejection: LocalRejection): void {
    const isKnown = rejection.token !== undefined;
    const waiting = this.rejections.filter(({ token }) => (token !== undefined) === isKnown).length;
    if (!this.isStarted || waiting >= REJECTIONS_MAX[isKnown ? 'known' : 'others']) {
      return;
    }
    this.rejections.push({ ...rejection, rejectedAt: this.clock.monotonic() });
    if (isKnown && !this.isUrgent && !this.sending) {
      this.isUrgent = true;
      this.schedule(REJECTION_PAUSE);
    }
  }

  /** Reports everything, until the signal aborts. */
  async close(signal: AbortSignal): Promise<void> {
    this.closing = signal;
    this.wake?.();
    while (this.isStarted && !signal.aborted && (this.sending || !this.isEmpty)) {
      await this.report();
    }
    this.isStarted = false;
    clearTimeout(this.timer);
    this.warnOfRejected();
  }

  private get isEmpty(): boolean {
    return this.uses.size === 0 && this.rejections.length === 0 && this.local === 0 && this.asked === 0;
  }

  private useOf(secret: TokenSecret, address: string | undefined): Use {
    const key = keyOf(secret, address);
    let use = this.uses.get(key);
    if (!use) {
      const usedAt = this.clock.monotonic();
      const { token, digest } = secret;
      use = {
        token,
        digest,
        address,
        agent: undefined,
        count: 0,
        usedAt,
        permissions: [],
        isReported: false,
      };
      this.uses.set(key, use);
      if (this.uses.size === USES_PER_REPORT && this.isStarted && !this.sending) {
        this.schedule(0);
      }
    }
    return use;
  }

  private addDemand(latest: LatestUse, permission: string): void {
    let { use } = latest;
    if (!use || use.isReported) {
      if (!this.isStarted || !this.hasRoom) {
        return;
      }
      // Without the address, because an answer that is never cached would add a use for each address.
      use = this.useOf(latest, undefined);
      latest.use = use;
    }
    if (use.permissions.length < PERMISSIONS_PER_USE) {
      (latest.demanded ??= new Set()).add(permission);
      if (!use.permissions.includes(permission)) {
        use.permissions.push(permission);
      }
    }
  }

  private schedule(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.report(), milliseconds).unref();
  }

  private report(): Promise<void> {
    this.sending ??= this.deliver(this.take()).finally(() => {
      this.sending = undefined;
      if (this.isStarted) {
        this.isUrgent = this.rejections.some(({ token }) => token !== undefined);
        const pause = this.isUrgent ? REJECTION_PAUSE : this.interval;
        this.schedule(this.uses.size >= USES_PER_REPORT ? 0 : pause);
      }
    });
    return this.sending;
  }

  private take(): Report {
    const now = this.clock.monotonic();
    const uses: Report['uses'] = [];
    const rejections = this.takeRejections(now);
    let bytes = JSON.stringify(rejections).length;
    for (const [key, use] of this.uses) {
      if (uses.length === USES_PER_REPORT || bytes > USES_MAX_BYTES) {
        break;
      }
      use.isReported = true;
      this.uses.delete(key);
      const surplus = Math.min(use.count, this.surplus.get(key) ?? 0);
      this.reduceSurplus(key, surplus);
      if (use.count === surplus && use.permissions.length === 0) {
        continue;
      }
      const reported = {
        token: use.token,
        digest: use.digest,
        count: use.count - surplus,
        ago: Math.max(0, Math.round(now - use.usedAt)),
        ...(use.address !== undefined && { address: use.address }),
        ...reportable({ agent: use.agent }),
        ...(use.permissions.length > 0 && { permissions: use.permissions }),
      };
      uses.push(reported);
      bytes += JSON.stringify(reported).length;
    }
    const report = {
      number: this.nextNumber(),
      local: this.local,
      asked: this.asked,
      uses,
      ...(rejections.length > 0 && { rejections }),
    };
    this.local = 0;
    this.asked = 0;
    return report;
  }

  private takeRejections(now: number): object[] {
    const taken: object[] = [];
    for (let bytes = 0; this.rejections.length > 0 && bytes < REJECTIONS_MAX_BYTES;) {
      const {
        rejectedAt,
        agent,
        method,
        route,
        token,
        digest,
        address,
        detail,
        missingPermissions,
        missingRoles,
        ...rest
      } = this.rejections.shift() as (typeof this.rejections)[number];
      const rejection = {
        ...rest,
        ago: Math.max(0, Math.round(now - rejectedAt)),
        ...(token !== undefined && { token, digest }),
        ...(address !== undefined && { address }),
        ...reportable({ agent, method, route, detail }),
        ...wellFormed('missingPermissions', missingPermissions, PERMISSION),
        ...wellFormed('missingRoles', missingRoles, ROLE),
      };
      taken.push(rejection);
      bytes += JSON.stringify(rejection).length;
    }
    return taken;
  }

  private reduceSurplus(key: string, count: number): void {
    const rest = (this.surplus.get(key) ?? 0) - count;
    if (rest > 0) {
      this.surplus.set(key, rest);
    } else {
      this.surplus.delete(key);
    }
  }

  private async deliver(report: Report): Promise<void> {
    const { uses, rejections = [], ...counts } = report;
    let outcome = await this.attempt(report);
    if (outcome !== 'rejected') {
      return;
    }
    if (sizeOf(report) > 0) {
      outcome = await this.attempt({ ...counts, number: this.nextNumber(), uses: [] });
    }
    if (outcome === 'rejected') {
      // The server rejects even the counts, so it would reject every part.
      this.rejectedItems += Math.max(1, sizeOf(report));
    } else if (outcome === 'counted') {
      if (sizeOf(report) === 1) {
        this.rejectedItems += 1;
      }
      await this.deliverParts(halvesOf({ uses, rejections }));
    }
    if (this.clock.monotonic() - this.rejectedWarnedAt >= REJECTED_PAUSE) {
      this.warnOfRejected();
    }
  }

  /** Sends parts of a rejected report, in halves down to single uses and rejections. */
  private async deliverParts(waiting: Items[]): Promise<void> {
    let faulty = 0;
    let isAnyCounted = false;
    for (let part = waiting.shift(); part; part = waiting.shift()) {
      if (!isAnyCounted && faulty >= FAULTY_MAX) {
        this.rejectedItems += sizeOf(part);
        continue;
      }
      const outcome = await this.attempt({ number: this.nextNumber(), local: 0, asked: 0, ...part });
      if (outcome === 'dropped') {
        return;
      }
      isAnyCounted ||= outcome === 'counted';
      if (outcome === 'rejected' && sizeOf(part) === 1) {
        faulty += 1;
        this.rejectedItems += 1;
      } else if (outcome === 'rejected') {
        waiting.unshift(...halvesOf(part));
      }
    }
  }

  /** Logs how many uses and rejections are lost, because the server has rejected them. */
  private warnOfRejected(): void {
    if (this.rejectedItems > 0) {
      const what = `${NOT_REPORTED} (items rejected by the server: ${this.rejectedItems})`;
      this.rejectedItems = 0;
      this.rejectedWarnedAt = this.clock.monotonic();
      this.onWarning(warning(what, this.rejectedError));
    }
  }

  private nextNumber(): number {
    this.number += 1;
    return this.number;
  }

  /** Sends a report until the server has responded to it, or until it is too late. */
  private async attempt(report: Report): Promise<Outcome> {
    for (let pause = RETRY_MIN; ; pause = Math.min(RETRY_MAX, 2 * pause)) {
      let demanded: number;
      try {
        await this.send(report);
        this.outage.end();
        return 'counted';
      } catch (error) {
        if (isStatus(error, REJECTED)) {
          this.rejectedError = error;
          return 'rejected';
        }
        this.outage.fail(error);
        if (isFinal(error) || this.closing?.aborted) {
          return 'dropped';
        }
        demanded = Math.min(RETRY_AFTER_MAX, retryAfterOf(error) * 1_000);
      }
      // The random part spreads the verifiers that received the same delay.
      const delay = demanded + pause * (0.5 + Math.random() / 2);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.closing ? RETRY_MIN : delay);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

/**
 * Client errors after which another attempt can succeed, for example with a new token or permission of the
 * service.
 */
const TEMPORARY = new Set([401, 403, 408, 429]);
/**
 * Statuses for a report that is too large for the server or a proxy, or has something that the server does
 * not accept.
 */
const REJECTED = new Set([413, 422]);

function isFinal(error: unknown): boolean {
  const status = error instanceof LatchkeyError ? error.status : undefined;
  return status !== undefined && status >= 400 && status < 500 && !TEMPORARY.has(status);
}

function isStatus(error: unknown, statuses: ReadonlySet<number>): boolean {
  return error instanceof LatchkeyError && error.status !== undefined && statuses.has(error.status);
}

/** Returns the seconds after which the server accepts another attempt. */
function retryAfterOf(error: unknown): number {
  return error instanceof LatchkeyError ? (error.retryAfter ?? 0) : 0;
}

function sizeOf({ uses, rejections = [] }: Items): number {
  return uses.length + rejections.length;
}

/** Returns the uses and rejections in two parts; an empty list if there is only one. */
function halvesOf({ uses, rejections = [] }: Items): Items[] {
  if (sizeOf({ uses, rejections }) < 2) {
    return [];
  }
  const use = Math.ceil(uses.length / 2);
  // Together with the uses, so that neither half is empty.
  const rejection = Math.floor(rejections.length / 2);
  const part = (from: number, to: number, first: number, last: number): Items => ({
    uses: uses.slice(from, to),
    ...(last > first && { rejections: rejections.slice(first, last) }),
  });
  return [part(0, use, 0, rejection), part(use, uses.length, rejection, rejections.length)];
}

/** Returns the names that the server accepts. It rejects others, and with them the whole report. */
function wellFormed(member: string, names: readonly string[], form: RegExp): Record<string, string[]> {
  const accepted = names.filter((name) => form.test(name)).slice(0, MISSING_MAX);
  return accepted.length > 0 ? { [member]: accepted } : {};
}

function keyOf({ digest }: TokenSecret, address: string | undefined): string {
  return `${digest} ${address ?? ''}`;
}
