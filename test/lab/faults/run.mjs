// `npm run lab -- faults`: runs all rounds of all scenarios one after another, and prints a table of results.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SEEDS = 1_000_000;
/** Limit for the whole run. */
const SECONDS_MOST = 600;

const seed = process.env.SEED ?? String(Math.floor(Math.random() * SEEDS));
const folder = mkdtempSync(join(tmpdir(), 'latchkey-figures-'));
const figures = join(folder, 'figures');
const print = (line) => process.stdout.write(`${line}\n`);
const factor = Number(process.env.FAULT_ROUNDS ?? 1);
const secondsMost = SECONDS_MOST * Math.max(factor, 1);
const words = process.argv.slice(2);
const quoted = (word) => (/^[\w./=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
/** The command that repeats this schedule. */
const again = [`SEED=${seed} npm run lab -- faults`, ...words.map(quoted)].join(' ');
const start = performance.now();

print(`${again}  # repeats this schedule`);
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/jest/bin/jest.js',
    // One at a time, so that scenarios do not disturb each other's measurements.
    ...['--selectProjects', 'process', '--testMatch', '<rootDir>/test/lab/faults/*.spec.ts'],
    ...['--maxWorkers=1', '--silent=false', ...words],
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
print(`\n${again}`);
print('| scenario | duration | result |\n| --- | --- | --- |');
for (const { scenario, seconds, text } of rows) {
  print(`| ${scenario} | ${seconds} | ${text} |`);
}
rmSync(folder, { recursive: true });
const seconds = (performance.now() - start) / 1_000;
const isLate = seconds > secondsMost;
print(`\nTotal: ${seconds.toFixed()} s${isLate ? `, more than the limit of ${secondsMost} s` : ''}.`);
process.exitCode = isLate ? 1 : (status ?? 1);
