import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Sqlite from '#sqlite';
import { type Headers } from '../support/api-client.js';
import { ADMIN } from '../support/factories.js';
import { insertManyTokens } from '../support/token-rows.js';
import { serverIn, ServerProcess } from '../support/server-process.js';

const TOKENS = 100_000;
const MIB = 1_048_576;
const START_BYTES = 8 * MIB;

let folder: string;
let server: ServerProcess;
let asAdmin: Headers;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-export-'));
  // Room for parts of a list, but not for all of it. With more, garbage would hide what is retained.
  server = await ServerProcess.start(serverIn(folder, { NODE_OPTIONS: '--max-old-space-size=128' }));
  new Sqlite(join(folder, 'latchkey.sqlite'))
    .exec(insertManyTokens({ users: 2_000, tokens: TOKENS }))
    .close();
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
});

afterAll(async () => {
  await server.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Memory of the server process in bytes. */
function memory(): number {
  const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1_024;
}

/**
 * Reads the list up to a number of bytes. Returns its size, its rows and the peak memory of the server.
 */
async function exported(type: string, bytesMax = Infinity) {
  const response = await fetch(
    `${server.client.baseUrl}/tokens?state=active,expiring,pending,expired,disabled,revoked`,
    { headers: { ...asAdmin, Accept: type } },
  );
  let bytes = 0;
  let lines = 0;
  let most = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    lines +=
      Buffer.from(chunk as Uint8Array)
        .toString('latin1')
        .split('\n').length - 1;
    most = Math.max(most, memory());
    if (bytes > bytesMax) {
      break;
    }
  }
  return { bytes, lines, most };
}

describe('the export of 100,000 tokens', () => {
  it.each([
    ['application/x-ndjson', 0],
    ['text/csv', 1],
  ])(
    'is streamed without a growth of memory and without blocking other requests: %s',
    async (type, heads) => {
      // The start of an export compiles and caches, so only the next export is measured.
      let isDone = false;
      const start = exported(type, START_BYTES).finally(() => (isDone = true));
      let answers = 0;
      while (!isDone) {
        expect((await server.client.verify(asAdmin)).status).toBe(200);
        answers += 1;
      }
      expect((await start).bytes).toBeGreaterThan(START_BYTES);
      await pause(100);
      const before = memory();

      const { bytes, lines, most } = await exported(type);

      expect(answers).toBeGreaterThan(5);
      expect(lines).toBeGreaterThan(TOKENS + heads);
      expect(bytes).toBeGreaterThan(20 * MIB);
      // Garbage may fill the heap. A server that kept the list would exceed its 128 MiB and crash.
      expect(most - before).toBeLessThan(112 * MIB);
    },
  );
});
