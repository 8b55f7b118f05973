// Measures the parts named on the command line, or all: npm run bench -- verify login
// --against FOLDER also measures the built server of another checkout, in turn with this one.
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { Servers } from './server.mjs';

const PARTS = [
  'verify',
  'login',
  'factors',
  'introspection',
  'lists',
  'export',
  'memory',
  'start',
  'telemetry',
  'verifier',
  'gateway',
  'events',
];
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const RESULTS = 'bench.json';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { against: { type: 'string' } },
});
const unknown = positionals.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  throw new Error(`Unknown part: ${unknown.join(', ')}. Parts: ${PARTS.join(', ')}.`);
}
const checkouts = values.against === undefined ? ['.'] : [values.against, '.'];
const machine = {
  node: process.version,
  processor: cpus()[0]?.model,
  cores: availableParallelism(),
  memoryGib: Math.round(totalmem() / 2 ** 30),
  load: loadavg()[0],
};
console.log(
  `Node ${machine.node}, ${machine.cores} cores (${machine.processor}), ${machine.memoryGib} GiB, load ${machine.load.toFixed(1)} before`,
);
const parts = {};
for (const name of positionals.length > 0 ? positionals : PARTS) {
  process.stderr.write(`${name}\n`);
  parts[name] = await measurePart(name);
  console.table(parts[name]);
  writeFileSync(RESULTS, `${JSON.stringify({ machine, rounds: ROUNDS, parts }, null, 2)}\n`);
}
console.log(`Results are in ${RESULTS}`);

/** Returns a row for each subject of a part and each checkout. */
async function measurePart(name) {
  const { subjectsOf } = await import(`./${name}.mjs`);
  const opened = [];
  try {
    for (const checkout of checkouts) {
      const servers = new Servers(checkout);
      opened.push(servers);
      servers.subjects = await subjectsOf(servers);
    }
    // The same subject of both checkouts follow each other.
    const subjects = opened[0].subjects.flatMap((first, index) =>
      opened.map(({ subjects }, checkout) =>
        checkout === 0
          ? first
          : { ...subjects[index], name: `${first.name}, this checkout`, comparedWith: first },
      ),
    );
    return describe(subjects, await inRounds(subjects));
  } finally {
    for (const servers of opened) {
      await servers.close();
    }
  }
}

/** Measures all subjects in turn, round after round, so that disturbances affect all alike. */
async function inRounds(subjects) {
  const results = subjects.map(() => []);
  // The first round is the warm-up.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, { measure }] of subjects.entries()) {
      const result = await measure();
      if (round > 0) {
        results[index].push(result);
      }
    }
    process.stderr.write(round === 0 ? '  warm\n' : `  round ${round} of ${ROUNDS}\n`);
  }
  return results;
}

/**
 * Returns the median of each figure, with the median of its ratios to the compared subject in the same round.
 */
function describe(subjects, results) {
  return subjects.map(({ name, comparedWith }, index) => {
    const others = results[subjects.indexOf(comparedWith)];
    const cell = (figure) => {
      const values = results[index].map((result) => result[figure]);
      const ratios = others?.map((other, round) => values[round] / other[figure]);
      // Two zeros have no ratio.
      const hasRatio = ratios?.every(Number.isFinite);
      const ratio = hasRatio ? ` (${rounded(100 * median(ratios))} %)` : '';
      return `${rounded(median(values))}${ratio}`;
    };
    const figures = Object.keys(results[index][0]);
    return { subject: name, ...Object.fromEntries(figures.map((figure) => [figure, cell(figure)])) };
  });
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function rounded(value) {
  return Number(value.toFixed(value < 100 ? 1 : 0));
}
