import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { MixedLoad } from './harness/mixed-load.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { deadline } from './harness/settings.js';
import { type ServerOn, type ScenarioContext } from './harness/scenario-context.js';
import { type SqliteStore } from './harness/store.js';
import { assert, waitUntil } from './harness/violation.js';

const PAGE = 4_096;
const END_MILLISECONDS = deadline(5_000);

/** Kinds of damage to a file while no server runs. */
const DAMAGES: Record<string, (file: string) => void> = {
  'truncated in the middle': (file) => truncateSync(file, half(file)),
  'truncated within a page': (file) => truncateSync(file, half(file) + 100),
  'without its first page': (file) => overwrite(file, 0, PAGE),
  'overwritten from its second page on': (file) => overwrite(file, PAGE, readFileSync(file).length),
};

const half = (file: string) => Math.floor(readFileSync(file).length / 2 / PAGE) * PAGE;

function overwrite(file: string, from: number, to: number): void {
  const content = readFileSync(file);
  content.fill(0xa5, from, to);
  writeFileSync(file, content);
}

/** Starts a server on a damaged file. It must exit with one line and leave the file unchanged. */
async function assertStartRejected(tested: ServerOn<SqliteStore>, damage: string): Promise<void> {
  const { file } = tested.store;
  const before = readFileSync(file);
  const server = await tested.spawn();
  let code: number | null | undefined;
  void server.exit().then((status) => (code = status));
  await waitUntil(END_MILLISECONDS, () => code !== undefined, `the start on a file ${damage} does not exit`);

  const lines = server.errors.trimEnd().split('\n');
  assert(code === 1, `the start on a file ${damage} exited with ${code}`);
  assert(
    lines.length === 1 && /^Latchkey cannot start\. .*latchkey\.sqlite/.test(lines[0] ?? ''),
    `the start on a file ${damage} prints ${lines.length} lines: ${lines.slice(0, 2).join(' / ')}`,
  );
  assert(existsSync(file) && readFileSync(file).equals(before), `the file ${damage} was changed`);
}

async function run(context: ScenarioContext): Promise<Figures> {
  const tested = context.sqlite({ LATCHKEY_LOG_LEVEL: 'info' });
  await tested.start();
  const load = new MixedLoad(tested.server, context.record, 4);
  await load.acknowledges(30);
  await load.stop();
  await tested.server.stop();
  const whole = readFileSync(tested.store.file);

  for (const [damage, inflict] of Object.entries(DAMAGES)) {
    writeFileSync(tested.store.file, whole);
    inflict(tested.store.file);
    await assertStartRejected(tested, damage);
  }
  return { damages: Object.keys(DAMAGES).length, bytes: whole.length };
}

// Covers B40 in docs/explanation/security.md.
describeScenario({
  name: 'a SQLite file that was damaged while no server ran',
  run,
});
