import { LastUses } from '../../apps/api/src/identity/tokens/usage/last-uses.js';
import { type ServerInUse } from './use-server.js';

/** Has the server write when tokens were used, which it else does a moment later. */
export function writeLastUses(server: ServerInUse): Promise<void> {
  return server.app.get(LastUses, { strict: false }).flush();
}
