import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Pseudonyms } from '../audit/pseudonyms.js';
import { clientNetwork } from '../common/client-address.js';
import { Clock } from '../common/clock.js';
import { Config } from '../config/config.js';
import { Database } from '../database/database.js';
import { type FailureKey } from './failure-count.entity.js';
import { FailureCounter } from './failure-counter.js';
import { FailureCountsRepository } from './failure-counts.repository.js';
import { AccountPolicy, AddressPolicy, type Policy } from './policies.js';

/**
 * Counters of a kind kept in memory; the one seen longest ago is forgotten, and read again when it is asked for. More than
 * can be tried while one try is on its way.
 */
const COUNTERS_MAX = 20_000;

/** How long a refusal is believed that another process may have lifted. */
const REFUSAL_MILLISECONDS = 1_000;

/** Names that nobody can have are counted, too, and may be of any length. */
export const NAME_MAX_LENGTH = 256;

/** The counters of a name, tried from a network. */
export interface AccountCounters {
  /** For tries from anywhere. */
  everywhere: FailureCounter;
  /** For tries from this network alone, once it is known for the account. */
  here: FailureCounter;
}

/** The counters that a try is about. */
export interface Counters {
  network: FailureCounter;
  account?: AccountCounters;
}

/** What is counted, as far as this process has seen it. The database has the counts, memory the tries on their way. */
@Injectable()
export class FailureCounters {
  private readonly networks: CounterCache = new LRUCache({ max: COUNTERS_MAX });
  private readonly accounts: CounterCache = new LRUCache({ max: COUNTERS_MAX });
  private readonly known: CounterCache = new LRUCache({ max: COUNTERS_MAX });
  private readonly addressPolicy: AddressPolicy;
  private readonly accountPolicy: AccountPolicy;

  constructor(
    private readonly repository: FailureCountsRepository,
    private readonly pseudonyms: Pseudonyms,
    private readonly database: Database,
    private readonly clock: Clock,
    { loginLimitPerAccount, loginLimitPerAddress }: Config,
  ) {
    this.accountPolicy = new AccountPolicy(loginLimitPerAccount);
    this.addressPolicy = new AddressPolicy(loginLimitPerAddress);
  }

  /** The counters of an address, and of a name there, whether or not anybody has it. */
  of(address: string, name?: string): Counters {
    return this.counters(address, name, (counters, counter) => counters.set(nameOf(counter.key), counter));
  }

  /** The same, of which nothing is kept that is not there yet: refusals and their header fields take no memory. */
  peek(address: string, name?: string): Counters {
    return this.counters(address, name, () => undefined);
  }

  /** The pseudonym that a name is counted under. */
  accountOf(name: string): string {
    return this.pseudonyms.of(name.slice(0, NAME_MAX_LENGTH));
  }

  /**
   * Reads the counts anew, unless no other process can have changed them since.
   *
   * @param milliseconds how old what others may have changed can be.
   */
  async refresh(counters: Counters, milliseconds = 0): Promise<void> {
    const all = allOf(counters);
    const oldest = this.database.hasOneWriter ? -Infinity : this.clock.now() - milliseconds;
    if (all.every(({ readTime }) => readTime !== undefined && readTime > oldest)) {
      return;
    }
    const now = this.clock.now();
    const counts = await this.repository.findAll(all.map(({ key }) => key));
    counts.forEach((count, index) => all[index]?.learn(count, now));
  }

  /** Whether what is known of a count can be gone by without asking the database, as in a flood. */
  isCurrent({ readTime }: FailureCounter): boolean {
    const { hasOneWriter } = this.database;
    return readTime !== undefined && (hasOneWriter || this.clock.now() - readTime < REFUSAL_MILLISECONDS);
  }

  /** What a try counts for: its network, and its name, which tries from networks known for it do apart. */
  counted({ network, account }: Counters): FailureCounter[] {
    const now = this.clock.now();
    return account ? [network, account.here.isKnown(now) ? account.here : account.everywhere] : [network];
  }

  /** Has the counts of a name read anew. */
  forget(name: string): void {
    const account = this.accountOf(name);
    for (const counters of [this.accounts, this.known]) {
      for (const counter of counters.values()) {
        if (counter.key.account === account) {
          counter.readTime = undefined;
        }
      }
    }
  }

  private counters(address: string, name: string | undefined, keep: Keep): Counters {
    const network = clientNetwork(address);
    const of = (counters: CounterCache, key: FailureKey, policy: Policy) => {
      let counter = counters.get(nameOf(key));
      if (!counter) {
        counter = new FailureCounter(key, policy);
        keep(counters, counter);
      }
      return counter;
    };
    const counters: Counters = { network: of(this.networks, { account: '', network }, this.addressPolicy) };
    if (name !== undefined) {
      const account = this.accountOf(name);
      counters.account = {
        everywhere: of(this.accounts, { account, network: '' }, this.accountPolicy),
        here: of(this.known, { account, network }, this.accountPolicy),
      };
    }
    return counters;
  }
}

type CounterCache = LRUCache<string, FailureCounter>;
type Keep = (counters: CounterCache, counter: FailureCounter) => void;

function allOf({ network, account }: Counters): FailureCounter[] {
  return account ? [network, account.everywhere, account.here] : [network];
}

function nameOf({ account, network }: FailureKey): string {
  return `${account} ${network}`;
}
