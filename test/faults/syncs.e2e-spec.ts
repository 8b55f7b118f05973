import { tokenHeader } from '../support/api-client.js';
import { ADMIN, newUser } from '../support/factories.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { rounds } from './harness/settings.js';
import { type Stage } from './harness/stage.js';
import { type Subject } from './harness/subject.js';
import { SystemCalls } from './harness/system-calls.js';
import { STRACE_NEEDS } from './harness/system-programs.js';
import { insist } from './harness/violation.js';
import { SYNCS_NOW_AND_THEN } from './sabotages.js';

/** Between the clocks of strace and of this process. */
const CLOCK_MILLISECONDS = 2;

interface Write {
  what: string;
  beginTime: number;
  endTime: number;
}

/** Changes one thing after another, and returns when each was asked for and acknowledged. */
async function writeInTurn({ client }: Subject, count: number): Promise<Write[]> {
  const asAdmin = await client.loginHeaders(ADMIN.name, ADMIN.password);
  const writes: Write[] = [];
  const write = async <T extends { status: number }>(what: string, send: () => Promise<T>) => {
    const beginTime = performance.timeOrigin + performance.now();
    const answer = await send();
    writes.push({ what, beginTime, endTime: performance.timeOrigin + performance.now() });
    insist(answer.status < 300, `${what} was answered ${answer.status}`);
    return answer;
  };
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

/** Counts the syncs of a server that has just been started. */
async function countSyncs(subject: Subject, count: number, start: string): Promise<Figures> {
  await subject.start();
  const calls = await SystemCalls.watch(subject.server);
  const writes = await writeInTurn(subject, count);
  const syncs = (await calls.stop()).filter(({ isDone }) => isDone);

  const bare = writes.filter(
    ({ beginTime, endTime }) =>
      !syncs.some(
        (sync) =>
          sync.beginTime > beginTime - CLOCK_MILLISECONDS && sync.endTime < endTime + CLOCK_MILLISECONDS,
      ),
  );
  insist(
    bare.length === 0,
    `${bare.length} of ${writes.length} writes on the ${start} start were acknowledged without a sync of their own`,
  );
  await subject.server.stop();
  return { [`writes on the ${start} start`]: writes.length, [`syncs on the ${start} start`]: syncs.length };
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
  ],
});
