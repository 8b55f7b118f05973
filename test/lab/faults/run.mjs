// `npm run faults`: all scenarios with all their rounds, one after another, and a table of what was seen.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SEEDS = 1_000_000;
/** What all of it may take once; a run that is longer is played by nobody. */
const SECONDS_MOST = 600;

const seed = process.env.SEED ?? String(Math.floor(Math.random() * SEEDS));
const folder = mkdtempSync(join(tmpdir(), 'latchkey-figures-'));
const figures = join(folder, 'figures');
const say = (line) => process.stdout.write(`${line}\n`);
const factor = Number(process.env.FAULT_ROUNDS ?? 1);
const secondsMost = SECONDS_MOST * Math.max(factor, 1);
const words = process.argv.slice(2);
const quoted = (word) => (/^[\w./=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
/** Plays the same scenarios with the same schedule once more. */
const again = [`SEED=${seed} npm run faults`, ...(words.length > 0 ? ['--', ...words.map(quoted)] : [])].join(
  ' ',
);
const start = performance.now();

say(`${again}  # makes the same schedule`);
const { status } = spawnSync(
  process.execPath,
  [
    ...[
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      'node_modules/jest/bin/jest.js',
    ],
    // One after another: what is measured is measured alone.
    ...['--selectProjects', 'faults', '--maxWorkers=1', '--silent=false', ...words],
  ],
  {
    stdio: 'inherit',
    env: { FAULT_ROUNDS: '1', ...process.env, SEED: seed, FAULT_FIGURES: figures },
  },
);

const rows = existsSync(figures)
  ? readFileSync(figures, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  : [];
say(`\n${again}`);
say('| scenario | took | seen |\n| --- | --- | --- |');
for (const { scenario, seconds, text } of rows) {
  say(`| ${scenario} | ${seconds} | ${text} |`);
}
rmSync(folder, { recursive: true });
const seconds = (performance.now() - start) / 1_000;
const isLate = seconds > secondsMost;
say(`\nAll of it took ${seconds.toFixed()} s${isLate ? `, which is more than ${secondsMost} s` : ''}.`);
process.exitCode = isLate ? 1 : (status ?? 1);
