import { expect } from '@jest/globals';
import { AuditedLoad } from './audited-load.js';
import { type ServerProcess } from './server-process.js';

const CLIENTS = 6;
const CHANGES_PER_ROUND = 40;

/** An entry of the audit trail, as far as it is matched with an answer. */
export interface AuditedEntry {
  traceId: string | null;
  action: string;
}

/**
 * Kills a server under load, several times, and expects exactly one entry of each change that was acknowledged.
 *
 * @param start starts the server on the same database each time.
 * @param entries reads all entries of the trail.
 */
export async function expectEntriesAfterKills(
  rounds: number,
  start: () => Promise<ServerProcess>,
  entries: () => Promise<AuditedEntry[]>,
): Promise<ServerProcess> {
  const load = new AuditedLoad();
  let server = await start();
  for (let round = 1; round <= rounds; round += 1) {
    const wanted = load.acknowledged.size + CHANGES_PER_ROUND + round;
    const running = load.run(server, CLIENTS);
    while (load.acknowledged.size < wanted && load.oddities.length === 0) {
      await new Promise(setImmediate);
    }
    await server.kill();
    await running;
    server = await start();
  }

  try {
    expectEachOnce(load, await entries());
  } catch (error) {
    await server.kill();
    throw error;
  }
  return server;
}

function expectEachOnce({ acknowledged, oddities }: AuditedLoad, entries: readonly AuditedEntry[]): void {
  const recorded = new Map<string, string[]>();
  for (const { traceId, action } of entries) {
    recorded.set(traceId ?? '', [...(recorded.get(traceId ?? '') ?? []), action]);
  }
  const unmatched = [...acknowledged].filter(([traceId, action]) => recorded.get(traceId)?.join() !== action);
  expect(oddities).toEqual([]);
  expect(unmatched).toEqual([]);
  expect(new Set(acknowledged.values()).size).toBe(7);
}
