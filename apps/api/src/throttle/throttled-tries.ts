import { Injectable } from '@nestjs/common';
import { AuditTallies } from '../audit/counts/audit-tallies.js';
import { AccountFinder } from './account-finder.js';
import { WINDOW_SECONDS } from './policies.js';

const WINDOW = WINDOW_SECONDS * 1_000;

/** Has tries recorded that were throttled: one entry an account or network and window, with how many there were. */
@Injectable()
export class ThrottledTries {
  constructor(
    private readonly tallies: AuditTallies,
    private readonly accounts: AccountFinder,
  ) {}

  /** Counts a try for a name. Names that nobody has are not recorded: they may be anything, mistyped passwords too. */
  ofAccount(name: string): void {
    this.tallies.count(`tries for ${name}`, WINDOW, async () => {
      // Asked for when the window ends, so that the answer to a try does not tell by its time who exists.
      const account = await this.accounts.find(name);
      return account
        ? {
            action: 'excess_rate_limit_exceeded',
            outcome: 'failure',
            subject: { kind: 'user', id: account.id, name: account.name },
          }
        : undefined;
    });
  }

  /** Counts a try from a network. */
  ofNetwork(network: string): void {
    this.tallies.count(`tries from ${network}`, WINDOW, () => ({
      action: 'excess_rate_limit_exceeded',
      outcome: 'failure',
      subject: { kind: 'address', id: null, name: network },
      origin: { address: network },
    }));
  }
}
