import { Injectable } from '@nestjs/common';
import { formatNetwork, parseNetwork } from '@latchkey/auth-models';
import { dayOf, type EpochMilliseconds } from '../../common/clock.service.js';
import { returning, run } from '../../platform/database/queries/fixed-statements.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';

/** Networks that are stored for a user. The one that was not used for the longest time is replaced. */
export const LOGIN_NETWORKS_MAX = 20;
/** Days after which a login updates the day of its network. Most logins write nothing. */
const DAYS_BETWEEN_UPDATES = 7;

const OF_USER = 'SELECT "network", "day" FROM "login_networks" WHERE "userId" = ? ORDER BY "day", "network"';
const ADD = 'INSERT INTO "login_networks" ("day", "userId", "network") VALUES (?, ?, ?)';
const UPDATE = 'UPDATE "login_networks" SET "day" = ? WHERE "userId" = ? AND "network" = ?';
const REMOVE = 'DELETE FROM "login_networks" WHERE "userId" = ? AND "network" = ?';

/** Queries on the networks that users have logged in from. */
@Injectable()
export class LoginNetworksRepository {
  /**
   * Stores the network of a login. The row of the user must be locked.
   *
   * @returns whether the user has logged in before, but not from this network. An address that is not known
   *   has no network.
   */
  async add(userId: string, address: string, now: EpochMilliseconds, tx: WriteTransaction): Promise<boolean> {
    const network = loginNetworkOf(address);
    if (network === null) {
      return false;
    }
    const day = dayOf(now);
    const known = await returning<{ network: string; day: number }>(OF_USER, [userId], tx);
    const here = known.find((one) => one.network === network);
    if (here) {
      if (day - here.day >= DAYS_BETWEEN_UPDATES) {
        await run(UPDATE, [day, userId, network], tx);
      }
      return false;
    }
    const [oldest] = known;
    if (oldest && known.length >= LOGIN_NETWORKS_MAX) {
      await run(REMOVE, [userId, oldest.network], tx);
    }
    await run(ADD, [day, userId, network], tx);
    return known.length > 0;
  }
}

/**
 * Returns the network that logins are compared by: a /24 or /48, which usually belongs to one provider and
 * place. Clients often get other addresses of the same network.
 */
function loginNetworkOf(address: string): string | null {
  const network = parseNetwork(`${address}/${address.includes(':') ? 48 : 24}`);
  return network && formatNetwork(network);
}
