import { Injectable } from '@nestjs/common';
import { type SignInFailure } from '@latchkey/auth-models';
import { AuditTallies } from '../audit/counts/audit-tallies.service.js';
import { WINDOW_SECONDS } from './counts/failure-limits.js';

const WINDOW = WINDOW_SECONDS * 1_000;

/** Finds users by name. The users folder implements it, so that the throttle does not depend on it. */
export abstract class AccountFinder {
  /** Returns the user with this name, or `null`. */
  abstract findByName(name: string): Promise<{ id: string; name: string } | null>;
}

/**
 * Records throttled attempts in the audit trail: one entry per account or network and window, with a count
 * and the user agent of the first.
 */
@Injectable()
export class ThrottleAudit {
  constructor(
    private readonly tallies: AuditTallies,
    private readonly accounts: AccountFinder,
  ) {}

  /** Counts an attempt for a name. Names without a user are not recorded: they may be mistyped passwords. */
  recordAccount(name: string, agent?: string): void {
    this.tallies.count(`attempts for ${name}`, WINDOW, async () => {
      // Read when the window ends, so that the response time does not reveal whether the user exists.
      const account = await this.accounts.findByName(name);
      return account
        ? {
            action: 'excess_rate_limit_exceeded',
            outcome: 'failure',
            subject: { kind: 'user', id: account.id, name: account.name },
            after: throttled(agent),
          }
        : undefined;
    });
  }

  /** Counts an attempt from a network. */
  recordNetwork(network: string, agent?: string): void {
    this.tallies.count(`attempts from ${network}`, WINDOW, () => ({
      action: 'excess_rate_limit_exceeded',
      outcome: 'failure',
      subject: { kind: 'address', id: null, name: network },
      origin: { address: network },
      after: throttled(agent),
    }));
  }
}

function throttled(userAgent: string | undefined): { reason: SignInFailure; userAgent: string | undefined } {
  return { reason: 'throttled', userAgent };
}
