import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Pseudonyms } from '../../audit/keys/pseudonyms.js';
import { clientNetwork } from '../../common/request/client-address.js';
import { Clock } from '../../common/clock.js';
import { Config } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { Writes } from '../../platform/database/writes.js';
import { type FailureCount, type FailureKey } from './failure-count.entity.js';
import { FailureCounter } from './failure-counter.js';
import { FailureCountsRepository } from './failure-counts.repository.js';
import { AccountPolicy, AddressPolicy, type Policy } from '../policies.js';

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
  /** Accounts whose counts a transaction is changing. */
  private readonly changing = new Set<string>();
  private readonly addressPolicy: AddressPolicy;
  readonly accountPolicy: AccountPolicy;

  constructor(
    private readonly repository: FailureCountsRepository,
    private readonly pseudonyms: Pseudonyms,
    private readonly database: Database,
    writes: Writes,
    private readonly clock: Clock,
    { loginLimitPerAccount, loginLimitPerAddress }: Config,
  ) {
    this.accountPolicy = new AccountPolicy(loginLimitPerAccount);
    this.addressPolicy = new AddressPolicy(loginLimitPerAddress);
    // On SQLite the next transaction that ends is the one at hand. On PostgreSQL counts are read for each try.
    writes.onEnd(() => {
      this.changing.forEach((account) => this.forget(account));
      this.changing.clear();
    });
  }

  /**
   * The counters of an address, and of a name there, whether or not anybody has it. Of what is not in memory yet nothing is
   * kept, so that refusals and their header fields take none.
   */
  of(address: string, name?: string): Counters {
    const network = clientNetwork(address);
    const account = name === undefined ? undefined : this.accountOf(name);
    return {
      network: find(this.networks, { account: '', network }, this.addressPolicy),
      ...(account !== undefined && {
        account: {
          everywhere: find(this.accounts, { account, network: '' }, this.accountPolicy),
          here: find(this.known, { account, network }, this.accountPolicy),
        },
      }),
    };
  }

  /** Keeps counters in memory, for a try that is let through; those that another try has brought there meanwhile stay. */
  keep({ network, account }: Counters): Counters {
    return {
      network: keep(this.networks, network),
      ...(account && {
        account: {
          everywhere: keep(this.accounts, account.everywhere),
          here: keep(this.known, account.here),
        },
      }),
    };
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
    if (all.every((counter) => this.isCurrent(counter, milliseconds))) {
      return;
    }
    const now = this.clock.now();
    const learned = all.map((counter) => counter.learned);
    const counts = await this.repository.findAll(all.map(({ key }) => key));
    all.forEach((counter, index) => {
      // Not if it was changed meanwhile, as the answer may be older.
      if (counter.learned === learned[index]) {
        counter.learn(counts[index] as FailureCount, now);
      }
    });
  }

  /** Whether what is known of a count can be gone by without asking the database. */
  isCurrent(counter: FailureCounter, milliseconds = REFUSAL_MILLISECONDS): boolean {
    return this.database.hasOneWriter
      ? counter.readTime !== undefined
      : counter.isYoungerThan(milliseconds, this.clock.now());
  }

  /** What a try counts for: its network, and its name, which tries from networks known for it do apart. */
  counted({ network, account }: Counters): FailureCounter[] {
    const now = this.clock.now();
    return account ? [network, account.here.isKnown(now) ? account.here : account.everywhere] : [network];
  }

  /** Has the counts of an account read anew. */
  forget(account: string): void {
    for (const counters of [this.accounts, this.known]) {
      for (const counter of counters.values()) {
        if (counter.key.account === account) {
          counter.readTime = undefined;
        }
      }
    }
  }

  /** The same once the transaction at hand has ended; before, what it changes would be read as it was. */
  forgetAfterCommit(account: string): void {
    this.changing.add(account);
  }
}

type CounterCache = LRUCache<string, FailureCounter>;

function allOf({ network, account }: Counters): FailureCounter[] {
  return account ? [network, account.everywhere, account.here] : [network];
}

function nameOf({ account, network }: FailureKey): string {
  return `${account} ${network}`;
}

function find(counters: CounterCache, key: FailureKey, policy: Policy): FailureCounter {
  return counters.get(nameOf(key)) ?? new FailureCounter(key, policy);
}

function keep(counters: CounterCache, counter: FailureCounter): FailureCounter {
  const name = nameOf(counter.key);
  const kept = counters.get(name) ?? counter;
  counters.set(name, kept);
  return kept;
}
