import { basic } from '../../support/api-client.js';
import { ADMIN } from '../../support/factories.js';
import { PendingRequest } from '../../support/raw-http.js';
import { MixedLoad } from './harness/mixed-load.js';
import { judge } from './harness/judge.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { deadline } from './harness/settings.js';
import { type ScenarioContext } from './harness/scenario-context.js';
import { type TestedServer } from './harness/tested-server.js';
import { assert, assertWithin } from './harness/violation.js';

const IN_FLIGHT = 50;
const CLIENTS = 3;
const END_MILLISECONDS = deadline(10_000);
const AT_ONCE_MILLISECONDS = deadline(1_000);

const LOGIN = ['POST /auth/login HTTP/1.1', `Authorization: ${basic(ADMIN.name, ADMIN.password)}`];

/** Stops a server during open requests and returns the duration. */
async function stopWithOpenRequests(context: ScenarioContext, tested: TestedServer): Promise<number> {
  const { client, child } = tested.server;
  const open = () => PendingRequest.open(client.baseUrl);
  const requests = await Promise.all(Array.from({ length: IN_FLIGHT }, open));
  const readiness = await open();
  context.addCleanUp(() => [...requests, readiness].forEach((request) => request.close()));
  requests.forEach((request) => request.send(LOGIN));
  readiness.sendRest('GET /health/ready HTTP/1.1\r\n');
  await Promise.race(requests.map((request) => request.waitForStatus()));

  const sent = performance.now();
  child.kill('SIGTERM');
  const isRefused = () =>
    client.ready().then(
      () => false,
      () => true,
    );
  await assertWithin(END_MILLISECONDS, isRefused, 'new connections are accepted after SIGTERM');
  readiness.sendRest('Host: latchkey.test\r\n\r\n');
  const statuses = await Promise.all(requests.map((request) => request.waitForStatus()));
  const unanswered = statuses.filter((status) => status === 0).length;
  assert(unanswered === 0, `${unanswered} of ${IN_FLIGHT} open requests got no response`);
  const cut = requests.filter(({ failure }) => failure).length;
  assert(cut === 0, `${cut} of ${IN_FLIGHT} connections were reset`);
  assert(
    statuses.every((status) => status === 200 || status === 503),
    `open requests returned ${[...new Set(statuses)].join()}`,
  );
  assert((await readiness.waitForStatus()) === 503, 'readiness is not red while the server stops');
  assert(readiness.received.includes('stopping'), 'readiness does not report that the server stops');

  const code = await tested.server.exit();
  assert(code === 0, `the server exited with ${code}`);
  const took = performance.now() - sent;
  assert(took < END_MILLISECONDS, `the server exited only after ${took.toFixed()} ms`);
  for (const { received } of requests) {
    const token = /"token":"(latchkey_\w+)"/.exec(received)?.[1];
    if (token !== undefined) {
      context.record.issued.set(token.slice(0, 8), { Authorization: `Bearer ${token}` });
    }
  }
  return took;
}

/** Sends two signals during an endless request and returns the duration after the second. */
async function stopImmediately(context: ScenarioContext, { server }: TestedServer): Promise<number> {
  const endless = await PendingRequest.open(server.client.baseUrl);
  context.addCleanUp(() => endless.close());
  endless.send([...LOGIN, 'Content-Type: application/json', 'Content-Length: 10']);
  // After another login, the server has read this one.
  await server.client.login(ADMIN.name, ADMIN.password);
  server.child.kill('SIGTERM');
  const isStopping = () => server.output.includes('"msg":"Stopping"');
  await assertWithin(END_MILLISECONDS, isStopping, 'the server ignores SIGTERM');

  const sent = performance.now();
  server.child.kill('SIGTERM');
  const isGone = () => server.child.exitCode !== null;
  await assertWithin(AT_ONCE_MILLISECONDS, isGone, 'a second SIGTERM does not stop the server');
  return performance.now() - sent;
}

async function run(context: ScenarioContext): Promise<Figures> {
  const { record } = context;
  // Within the deadlines, only the second signal ends a server with an endless request.
  const tested = context.sqlite({ LATCHKEY_SHUTDOWN_SECONDS: '600' });
  await tested.start();
  const load = new MixedLoad(tested.server, record, CLIENTS);
  await load.acknowledges(10);
  const took = await stopWithOpenRequests(context, tested);
  await load.isLost();

  await tested.start();
  // Clients may have sent a request when the server no longer accepted any.
  await judge(tested, record, { isKilled: true });
  const atOnce = await stopImmediately(context, tested);
  return { 'open requests': IN_FLIGHT, 'exit after (ms)': took, 'exit after a second signal (ms)': atOnce };
}

// Covers B42 in docs/explanation/security.md.
describeScenario({
  name: 'SIGTERM under load',
  run,
});
