import { tokenHeader } from '../../support/api-client.js';
import { ADMIN, newUser } from '../../support/factories.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { rounds } from './harness/settings.js';
import { type ScenarioContext } from './harness/scenario-context.js';
import { type TestedServer } from './harness/tested-server.js';
import { SystemCalls, type Call } from './harness/system-calls.js';
import { STRACE_NEEDS } from './harness/system-programs.js';
import { assert } from './harness/violation.js';

const DELAY_MICROSECONDS = 5_000;

/** Makes changes one after another and returns their number. */
async function writeInTurn({ client }: TestedServer, count: number): Promise<number> {
  let writes = 0;
  const write = async <T extends { status: number }>(what: string, send: () => Promise<T>) => {
    const answer = await send();
    assert(answer.status < 300, `${what} returned ${answer.status}`);
    writes += 1;
    return answer;
  };
  const { body: admin } = await write('login', () => client.login(ADMIN.name, ADMIN.password));
  const asAdmin = tokenHeader(admin);
  for (let round = 0; round < count; round += 1) {
    const { body } = await write('login', () => client.login(ADMIN.name, ADMIN.password));
    const { name } = newUser();
    await write('new user', () => client.createUser(newUser({ name }), asAdmin));
    await write('change', () => client.updateUser(name, { displayName: 'x', version: 0 }, asAdmin));
    await write('deletion', () => client.deleteUser(name, asAdmin));
    await write('logout', () => client.logout(tokenHeader(body)));
  }
  return writes;
}

/** Returns for each response whether a sync preceded it. */
function responsesOf(calls: readonly Call[]): boolean[] {
  let isSynced = false;
  return calls.flatMap(({ what, isDone }) => {
    if (what === 'response') {
      return [isSynced];
    }
    isSynced = what === 'sync' && (isSynced || isDone);
    return [];
  });
}

/** Counts the syncs of a new server. */
async function countSyncs(tested: TestedServer, count: number, start: string): Promise<Figures> {
  await tested.start();
  // Delay each sync, so that a response that does not wait for it is always sent first.
  const strace = await SystemCalls.watch(tested.server, `fdatasync,fsync:delay_enter=${DELAY_MICROSECONDS}`);
  const writes = await writeInTurn(tested, count);
  const calls = await strace.stop();

  const responses = responsesOf(calls);
  assert(responses.length === writes, `${responses.length} responses seen of ${writes}`);
  const bare = responses.filter((isSynced) => !isSynced).length;
  assert(
    bare === 0,
    `${bare} of ${writes} writes on the ${start} start were acknowledged without a sync of their own`,
  );
  await tested.server.stop();
  const syncs = calls.filter(({ what, isDone }) => what === 'sync' && isDone).length;
  return { [`writes on the ${start} start`]: writes, [`syncs on the ${start} start`]: syncs };
}

async function run(context: ScenarioContext): Promise<Figures> {
  const tested = context.sqlite();
  const count = rounds(3, 40);
  // The driver's default differs between new and existing databases.
  return { ...(await countSyncs(tested, count, 'first')), ...(await countSyncs(tested, count, 'second')) };
}

// Covers B37 in docs/explanation/security.md.
describeScenario({
  name: 'a sync before each acknowledged write on SQLite',
  needs: STRACE_NEEDS,
  run,
});
