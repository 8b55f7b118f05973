import { Injectable } from '@nestjs/common';
import { type SignInFailure } from '@latchkey/auth-models';
import { Clock, type EpochMilliseconds } from '../../common/clock.service.js';
import { clientNetwork, type RequestOrigin } from '../../common/request/request-origin.js';
import { AuditTallies } from './audit-tallies.service.js';

const WINDOW_MILLISECONDS = 120_000;

/**
 * Networks with an entry of their own in a window. Clients could otherwise fill the disk from many addresses.
 */
const NETWORKS_MAX = 10;

const OTHER_NETWORKS = 'other networks';

/**
 * Records logins with unknown names: one entry per network and window, with a count and the user agent of the
 * first. Entries do not have the names, which may be mistyped passwords. They are written later, so that
 * response times do not depend on them.
 */
@Injectable()
export class UnknownNames {
  private readonly networks = new Set<string>();
  private endTime: EpochMilliseconds = 0;

  constructor(
    private readonly tallies: AuditTallies,
    private readonly clock: Clock,
  ) {}

  /** Counts a login. */
  record({ address, agent }: RequestOrigin): void {
    const now = this.clock.now();
    if (now >= this.endTime) {
      this.networks.clear();
      this.endTime = now + WINDOW_MILLISECONDS;
    }
    const network = clientNetwork(address);
    if (this.networks.size < NETWORKS_MAX) {
      this.networks.add(network);
    }
    const hasOwnEntry = this.networks.has(network);
    const name = hasOwnEntry ? network : OTHER_NETWORKS;
    const reason: SignInFailure = 'unknown_name';
    this.tallies.count(`unknown names from ${name}`, WINDOW_MILLISECONDS, () => ({
      action: 'authn_login_fail',
      outcome: 'failure',
      subject: { kind: 'address', id: null, name },
      ...(hasOwnEntry && { origin: { address: network } }),
      after: { reason, ...(hasOwnEntry && { userAgent: agent }) },
    }));
  }
}
