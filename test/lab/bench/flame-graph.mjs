// Draws a flame graph of token verification: `node test/lab/bench/flame-graph.mjs FILE.svg [MAIN.js]`. MAIN.js selects another
// built server.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyAny } from './load.mjs';
import { drawFlames } from './flames.mjs';
import { logIn, MAIN, startLatchkey, stop } from './server.mjs';

const SECONDS = 8;
/** Skips the start, until functions are compiled. */
const WARM_MICROSECONDS = 4_000_000;
const INTERVAL_MICROSECONDS = 200;

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
  writeFileSync(target, drawFlames(stacksOf(profile), partsOf(main)));
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

/** Maps functions of the bundle to source files, which the bundle names in comments. */
function partsOf(file) {
  let part = '';
  const parts = readFileSync(file, 'utf8')
    .split('\n')
    .map(
      (line) =>
        (part =
          /^\/\/ (node_modules|dist|libs|(\.\.\/)+\S*node_modules)\/(\S+)$/.exec(line)?.[0].slice(3) ?? part),
    );
  return ({ url, lineNumber }) => {
    if (url.startsWith('node:')) {
      return 'node';
    }
    const [, name] =
      /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(
        url.endsWith('.js') && !url.includes('node_modules') ? parts[lineNumber] : url,
      ) ?? [];
    return name ?? (url === '' ? 'native' : 'latchkey');
  };
}
