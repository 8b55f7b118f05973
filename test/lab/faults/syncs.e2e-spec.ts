import { tokenHeader } from '../../support/api-client.js';
import { ADMIN, newUser } from '../../support/factories.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { rounds } from './harness/settings.js';
import { type Stage } from './harness/stage.js';
import { type Subject } from './harness/subject.js';
import { SystemCalls, type Call } from './harness/system-calls.js';
import { STRACE_NEEDS } from './harness/system-programs.js';
import { insist } from './harness/violation.js';
import { ANSWERS_THEN_SYNCS, SYNCS_NOW_AND_THEN } from './sabotages.js';

/** Changes one thing after another, and returns how many. */
async function writeInTurn({ client }: Subject, count: number): Promise<number> {
  let writes = 0;
  const write = async <T extends { status: number }>(what: string, send: () => Promise<T>) => {
    const answer = await send();
    insist(answer.status < 300, `${what} was answered ${answer.status}`);
    writes += 1;
    return answer;
  };
  const { body: admin } = await write('log-in', () => client.login(ADMIN.name, ADMIN.password));
  const asAdmin = tokenHeader(admin);
  for (let round = 0; round < count; round += 1) {
    const { body } = await write('log-in', () => client.login(ADMIN.name, ADMIN.password));
    const { name } = newUser();
    await write('new user', () => client.createUser(newUser({ name }), asAdmin));
    await write('change', () => client.updateUser(name, { displayName: 'x', version: 0 }, asAdmin));
    await write('deletion', () => client.deleteUser(name, asAdmin));
    await write('log-out', () => client.logout(tokenHeader(body)));
  }
  return writes;
}

/** Whether there was a sync between each request and its answer, by the one clock of the system. */
function answersOf(calls: readonly Call[]): boolean[] {
  let isSynced = false;
  return calls.flatMap(({ what, isDone }) => {
    if (what === 'answer') {
      return [isSynced];
    }
    isSynced = what === 'sync' && (isSynced || isDone);
    return [];
  });
}

/** Counts the syncs of a server that has just been started. */
async function countSyncs(subject: Subject, count: number, start: string): Promise<Figures> {
  await subject.start();
  const strace = await SystemCalls.watch(subject.server);
  const writes = await writeInTurn(subject, count);
  const calls = await strace.stop();

  const answers = answersOf(calls);
  insist(answers.length === writes, `${answers.length} answers were seen of ${writes}`);
  const bare = answers.filter((isSynced) => !isSynced).length;
  insist(
    bare === 0,
    `${bare} of ${writes} writes on the ${start} start were acknowledged without a sync of their own`,
  );
  await subject.server.stop();
  const syncs = calls.filter(({ what, isDone }) => what === 'sync' && isDone).length;
  return { [`writes on the ${start} start`]: writes, [`syncs on the ${start} start`]: syncs };
}

async function play(stage: Stage): Promise<Figures> {
  const subject = stage.sqlite();
  const count = rounds(3, 40);
  // A database that is opened again has another default than a new one.
  return { ...(await countSyncs(subject, count, 'first')), ...(await countSyncs(subject, count, 'second')) };
}

describeScenario({
  name: 'B37 each write on SQLite is on the disk before it is acknowledged',
  needs: STRACE_NEEDS,
  play,
  sabotages: [
    { sabotage: SYNCS_NOW_AND_THEN, complaint: /writes on the first start were acknowledged without a sync/ },
    { sabotage: ANSWERS_THEN_SYNCS, complaint: /writes on the first start were acknowledged without a sync/ },
  ],
});
