// Draws a flame graph of token verification: `node test/lab/bench/flame-graph.mjs FILE.svg [MAIN.js]`. MAIN.js selects another
// built server.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyAny } from './load.mjs';
import { drawFlames } from './flames.mjs';
import { logIn, startLatchkey, stop } from './server.mjs';

const SECONDS = 8;
/** Skips the start, until functions are compiled. */
const WARM_MICROSECONDS = 4_000_000;
const INTERVAL_MICROSECONDS = 200;

/** Not the bundle, in which no function has the name of its package. */
const MAIN = 'dist/apps/api/src/main.js';

const [target, main = MAIN] = process.argv.slice(2);
if (target === undefined) {
  throw new Error('Usage: node test/lab/bench/flame-graph.mjs FILE.svg [MAIN.js]');
}
const folder = mkdtempSync(join(tmpdir(), 'latchkey-profile-'));
try {
  const server = await startLatchkey({}, main, [
    '--cpu-prof',
    `--cpu-prof-dir=${folder}`,
    `--cpu-prof-interval=${INTERVAL_MICROSECONDS}`,
  ]);
  const presented = [await logIn(server.url)];
  await verifyAny(server, presented, SECONDS);
  await stop(server);
  const [name] = readdirSync(folder);
  const profile = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  writeFileSync(target, drawFlames(stacksOf(profile), partOf));
} finally {
  rmSync(folder, { recursive: true });
}

/** Returns the sampled stacks, outermost frame first, with their duration in microseconds. */
function stacksOf({ nodes, samples, timeDeltas }) {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  let time = 0;
  return samples.flatMap((id, index) => {
    time += timeDeltas[index];
    const stack = [];
    for (let at = id; parents.has(at); at = parents.get(at)) {
      stack.unshift(frames.get(at));
    }
    const isWork = stack.length > 0 && stack[0].functionName !== '(idle)';
    return time > WARM_MICROSECONDS && isWork ? [{ stack, microseconds: timeDeltas[index] }] : [];
  });
}

/** Returns the package of a function. */
function partOf({ url }) {
  const [, name] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  const own = url.startsWith('node:') ? 'node' : 'latchkey';
  return name ?? (url === '' ? 'native' : own);
}
