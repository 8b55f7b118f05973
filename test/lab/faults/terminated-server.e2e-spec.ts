import { basic } from '../../support/api-client.js';
import { ADMIN } from '../../support/factories.js';
import { PendingRequest } from '../../support/pending-request.js';
import { MixedLoad } from './harness/mixed-load.js';
import { judge } from './harness/oracle.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { promised } from './harness/settings.js';
import { type Stage } from './harness/stage.js';
import { type Subject } from './harness/subject.js';
import { insist, insistWithin } from './harness/violation.js';
import { DROPS_WHAT_IS_IN_FLIGHT, WAITS_AT_A_SECOND_SIGTERM } from './sabotages.js';

const IN_FLIGHT = 50;
const CLIENTS = 3;
/** What is promised (B42). */
const END_MILLISECONDS = promised(10_000);
const AT_ONCE_MILLISECONDS = promised(1_000);

const LOGIN = ['POST /auth/login HTTP/1.1', `Authorization: ${basic(ADMIN.name, ADMIN.password)}`];

/** Asks a server to end while requests are in flight, and returns how long it took. */
async function endInFlight(stage: Stage, subject: Subject): Promise<number> {
  const { client, child } = subject.server;
  const open = () => PendingRequest.open(client.baseUrl);
  const requests = await Promise.all(Array.from({ length: IN_FLIGHT }, open));
  const readiness = await open();
  stage.later(() => [...requests, readiness].forEach((request) => request.close()));
  requests.forEach((request) => request.send(LOGIN));
  readiness.sendRest('GET /health/ready HTTP/1.1\r\n');
  await Promise.race(requests.map((request) => request.answer()));

  const sent = performance.now();
  child.kill('SIGTERM');
  const isRefused = () =>
    client.ready().then(
      () => false,
      () => true,
    );
  await insistWithin(END_MILLISECONDS, isRefused, 'new connections are taken after SIGTERM');
  readiness.sendRest('Host: latchkey.test\r\n\r\n');
  const statuses = await Promise.all(requests.map((request) => request.answer()));
  const unanswered = statuses.filter((status) => status === 0).length;
  insist(unanswered === 0, `${unanswered} of ${IN_FLIGHT} requests in flight got no answer`);
  const cut = requests.filter(({ failure }) => failure).length;
  insist(cut === 0, `${cut} of ${IN_FLIGHT} connections were reset`);
  insist(
    statuses.every((status) => status === 200 || status === 503),
    `requests in flight were answered ${[...new Set(statuses)].join()}`,
  );
  insist((await readiness.answer()) === 503, 'readiness is not red while the server ends');
  insist(readiness.received.includes('stopping'), 'readiness does not say that the server ends');

  const code = await subject.server.exit();
  insist(code === 0, `the server ended with ${code}`);
  const took = performance.now() - sent;
  insist(took < END_MILLISECONDS, `the server ended only after ${took.toFixed()} ms`);
  for (const { received } of requests) {
    const token = /"token":"(lk_\w+)"/.exec(received)?.[1];
    if (token !== undefined) {
      stage.ledger.issued.set(token.slice(0, 8), { Authorization: `Bearer ${token}` });
    }
  }
  return took;
}

/** Asks a server twice to end while a request never ends, and returns how long it took after the second time. */
async function endAtOnce(stage: Stage, { server }: Subject): Promise<number> {
  const endless = await PendingRequest.open(server.client.baseUrl);
  stage.later(() => endless.close());
  endless.send([...LOGIN, 'Content-Type: application/json', 'Content-Length: 10']);
  // When another log-in is through, that one has been read, too.
  await server.client.login(ADMIN.name, ADMIN.password);
  server.child.kill('SIGTERM');
  const isStopping = () => server.output.includes('"msg":"Stopping"');
  await insistWithin(END_MILLISECONDS, isStopping, 'SIGTERM is not heard');

  const sent = performance.now();
  server.child.kill('SIGTERM');
  const isGone = () => server.child.exitCode !== null;
  await insistWithin(AT_ONCE_MILLISECONDS, isGone, 'a second SIGTERM does not end it at once');
  return performance.now() - sent;
}

async function play(stage: Stage): Promise<Figures> {
  const { ledger } = stage;
  const subject = stage.sqlite();
  await subject.start();
  const load = new MixedLoad(subject.server, ledger, CLIENTS);
  await load.acknowledges(10);
  const took = await endInFlight(stage, subject);
  await load.isLost();

  await subject.start();
  // Clients of the load may have begun a request when no more were taken.
  await judge(subject, ledger, { isKilled: true });
  const atOnce = await endAtOnce(stage, subject);
  return { 'in flight': IN_FLIGHT, 'ended after (ms)': took, 'ended by a second one after (ms)': atOnce };
}

describeScenario({
  name: 'B42 SIGTERM under load',
  play,
  sabotages: [
    {
      sabotage: DROPS_WHAT_IS_IN_FLIGHT,
      complaint: /requests in flight got no answer|connections were reset/,
    },
    {
      sabotage: WAITS_AT_A_SECOND_SIGTERM,
      complaint: /a second SIGTERM does not end it at once/,
      isLong: true,
    },
  ],
});
