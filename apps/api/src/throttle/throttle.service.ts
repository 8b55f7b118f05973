import { Injectable } from '@nestjs/common';
import { ApplicationError } from '../common/application-error.js';
import { clientNetwork } from '../common/client-address.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { admit, settle } from './admission.js';
import { FailureCounters, type FailureCounter } from './failure-counters.js';
import { doublingDelays, fixedWindow } from './policies.js';
import { type RateLimit } from './rate-limit-headers.js';
import { ThrottledTries } from './throttled-tries.js';

const NAME_MAX_LENGTH = 256;

/** A try that was let through. Exactly one of its methods is called, once. */
export interface Attempt {
  succeed(): void;
  fail(): void;
  /** The try ended without an outcome, such as when the server was busy. */
  abandon(): void;
}

/** Slows down guessing, per account and per client network; counted before anything is hashed. */
@Injectable()
export class ThrottleService {
  private readonly accounts: FailureCounters;
  private readonly networks: FailureCounters;

  constructor(
    private readonly clock: Clock,
    private readonly throttled: ThrottledTries,
    { loginLimitPerAccount, loginLimitPerAddress }: Config,
  ) {
    this.accounts = new FailureCounters(loginLimitPerAccount, doublingDelays(loginLimitPerAccount));
    this.networks = new FailureCounters(loginLimitPerAddress, fixedWindow(loginLimitPerAddress));
  }

  /**
   * Admits a try for a name, whether or not anybody has it.
   *
   * @throws ApplicationError `throttled` or `overloaded`, with the seconds to wait.
   */
  async admitLogin(name: string, address: string): Promise<Attempt> {
    const network = await this.admitNetwork(address);
    try {
      return this.attempt(network, await this.admitAccount(name));
    } catch (error) {
      settle(network);
      throw error;
    }
  }

  /** Admits a try that names nobody, such as a set-up secret: counted by address alone. */
  async admitAddress(address: string): Promise<Attempt> {
    return this.attempt(await this.admitNetwork(address));
  }

  /** Forgets the failed tries for a name, whether or not anybody has it; those of addresses stay. */
  lift(name: string): void {
    this.accounts.lift(accountKey(name));
  }

  /** What is left of the limits, for the caller to see. */
  limits(address: string, name?: string): RateLimit[] {
    const network = this.limit('address', this.networks, clientNetwork(address));
    return name === undefined ? [network] : [network, this.limit('account', this.accounts, accountKey(name))];
  }

  private admitNetwork(address: string): Promise<FailureCounter> {
    const network = clientNetwork(address);
    return noteThrottled(admit(this.networks, network, this.clock), () => this.throttled.ofNetwork(network));
  }

  private admitAccount(name: string): Promise<FailureCounter> {
    const key = accountKey(name);
    return noteThrottled(admit(this.accounts, key, this.clock), () => this.throttled.ofAccount(key));
  }

  private limit(policy: string, counters: FailureCounters, key: string): RateLimit {
    const now = this.clock.now();
    const counter = counters.of(key, now);
    const isBlocked = now < counter.blockedUntil;
    return {
      policy,
      limit: counters.limit,
      remaining: isBlocked ? 0 : Math.max(counters.limit - counter.failures, 0),
      resetSeconds: Math.max(
        Math.ceil(((isBlocked ? counter.blockedUntil : counter.resetTime) - now) / 1_000),
        0,
      ),
    };
  }

  private attempt(network: FailureCounter, account?: FailureCounter): Attempt {
    const settleAll = () => [network, account].forEach((counter) => counter && settle(counter));
    return {
      abandon: settleAll,
      succeed: () => {
        if (account) {
          account.failures = 0;
          account.blockedUntil = 0;
        }
        settleAll();
      },
      fail: () => {
        const now = this.clock.now();
        this.networks.fail(network, now);
        if (account) {
          this.accounts.fail(account, now);
        }
        settleAll();
      },
    };
  }
}

async function noteThrottled<T>(admitted: Promise<T>, note: () => void): Promise<T> {
  try {
    return await admitted;
  } catch (error) {
    if (error instanceof ApplicationError && error.code === 'throttled') {
      note();
    }
    throw error;
  }
}

/** Names that nobody can have are counted, too, and may be of any length; the counters must not be. */
function accountKey(name: string): string {
  return name.slice(0, NAME_MAX_LENGTH);
}
