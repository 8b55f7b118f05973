import { setTimeout as pause } from 'node:timers/promises';
import { tokenHeader, type ApiClient, type Headers } from '../../support/api-client.js';
import { ADMIN } from '../../support/factories.js';
import { EventReceiver } from './harness/event-receiver.js';
import { type ScenarioContext } from './harness/scenario-context.js';
import { describeScenario, type Figures } from './harness/scenario.js';
import { deadline, rounds } from './harness/settings.js';
import { type TestedServer } from './harness/tested-server.js';
import { assert, assertNone, assertWithin } from './harness/violation.js';

const TYPES = { created: 'token.created', rotated: 'token.rotated', revoked: 'token.revoked' } as const;
/** Audit actions of these types. */
const ACTIONS = "('authn_token_created', 'authn_token_rotated', 'authn_token_revoked')";
const SETTINGS = {
  LATCHKEY_EVENT_HOSTS: '127.0.0.1',
  LATCHKEY_API_TOKENS_PER_USER: '100000',
  LATCHKEY_FRESH_SECONDS: '86400',
  LATCHKEY_SEAL_KEY: Buffer.alloc(32, 8).toString('base64'),
};
const CLIENTS = 6;
/** Pause before each token, so that the receiver keeps up. */
const PAUSE_MILLISECONDS = 50;
/** Bounds for the random number of events that arrive between two kills. */
const EVENTS_LEAST = 20;
const EVENTS_MOST = 60;
/** Longer than the lease of a killed sender, and the first retries. */
const ARRIVAL_MILLISECONDS = deadline(60_000);
const DRAINED_MILLISECONDS = deadline(120_000);

/** Changes that the server acknowledged: the types of the events about each token. */
type Acknowledged = Map<string, Set<string>>;

/** Creates, rotates and revokes tokens until the server is gone, or the load is stopped. */
class TokenLoad {
  private isOver = false;
  private readonly running: Promise<unknown>;

  constructor(client: ApiClient, asAdmin: Headers, acknowledged: Acknowledged) {
    this.running = Promise.all(
      Array.from({ length: CLIENTS }, (_, index) => this.run(client, `load-${index}`, asAdmin, acknowledged)),
    );
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await this.running;
  }

  private async run(
    client: ApiClient,
    user: string,
    asAdmin: Headers,
    acknowledged: Acknowledged,
  ): Promise<void> {
    try {
      while (!this.isOver) {
        await pause(PAUSE_MILLISECONDS);
        const { status, body } = await client.createUserToken(user, asAdmin, { note: 'load' });
        if (status !== 201) {
          continue;
        }
        const types = new Set<string>([TYPES.created]);
        acknowledged.set(body.id, types);
        const rotated = await client.rotateToken(body.id, asAdmin);
        if (rotated.status === 200) {
          types.add(TYPES.rotated);
        }
        const revoked = await client.revokeToken(body.id, asAdmin);
        if (revoked.status === 204) {
          types.add(TYPES.revoked);
        }
      }
    } catch {
      // The server was killed.
    }
  }
}

/**
 * Kills the sender again and again under load, then checks that each entry arrived.
 *
 * @param standBy another server on the same database, which takes over.
 */
async function run(
  count: number,
  context: ScenarioContext,
  first: TestedServer,
  standBy?: TestedServer,
): Promise<Figures> {
  const receiver = await EventReceiver.open();
  context.addCleanUp(() => receiver.close());
  await first.start();
  const { body } = await first.client.login(ADMIN.name, ADMIN.password);
  const asAdmin = tokenHeader(body);
  const target = { name: 'lab', kind: 'webhook', url: receiver.url, types: Object.values(TYPES) };
  const created = await first.client.request<{ secret: string }>('POST', '/event-targets', {
    headers: asAdmin,
    body: target,
  });
  assert(created.status === 201, `the target was not created: ${JSON.stringify(created.body)}`);
  receiver.secret = created.body.secret;
  for (let index = 0; index < CLIENTS; index += 1) {
    await first.client.createUser({ name: `load-${index}` }, asAdmin);
  }
  await standBy?.start();

  const acknowledged: Acknowledged = new Map();
  let [sender, other] = [first, standBy];
  let slowest = 0;
  for (let round = 1; round <= count; round += 1) {
    // The load runs on the server that stays, if there is one.
    const load = new TokenLoad((other ?? sender).client, asAdmin, acknowledged);
    // Every second sender sends all that waits. Otherwise more would wait with each kill, up to the limit.
    const least = round % 2 === 0 ? changesIn(acknowledged) : receiver.events.size;
    const wanted = least + context.random.between(EVENTS_LEAST, EVENTS_MOST);
    const hasArrived = () => receiver.events.size >= wanted;
    slowest = Math.max(slowest, await assertWithin(ARRIVAL_MILLISECONDS, hasArrived, 'no events arrive'));
    await sender.server.kill();
    await load.stop();
    await sender.start();
    // The server that stayed takes over.
    [sender, other] = other ? [other, sender] : [sender, other];
  }

  const drained = await assertWithin(
    DRAINED_MILLISECONDS,
    () => isDrained(first, receiver),
    'events are missing',
  );
  check(receiver, acknowledged, await entriesOf(first));
  return {
    kills: count,
    events: receiver.events.size,
    'acknowledged changes': changesIn(acknowledged),
    duplicates: receiver.duplicates,
    'longest wait for the next events (ms)': slowest,
    'all delivered after (ms)': drained,
  };
}

function changesIn(acknowledged: Acknowledged): number {
  return [...acknowledged.values()].reduce((sum, types) => sum + types.size, 0);
}

async function entriesOf({ store }: TestedServer): Promise<Set<string>> {
  const rows = await store.query<{ id: string }>(
    `SELECT "id" FROM "audit_events" WHERE "action" IN ${ACTIONS}`,
  );
  return new Set(rows.map(({ id }) => id));
}

async function isDrained(tested: TestedServer, { events }: EventReceiver): Promise<boolean> {
  const entries = await entriesOf(tested);
  return events.size >= entries.size;
}

function check(
  { events, complaints }: EventReceiver,
  acknowledged: Acknowledged,
  entries: Set<string>,
): void {
  assertNone(complaints, 'requests were not valid webhooks');
  assertNone(
    [...events.keys()].filter((id) => !entries.has(id)),
    'events have no entry in the audit trail',
  );
  assertNone(
    [...entries].filter((id) => !events.has(id)),
    'events were lost',
  );
  const positions = new Map<string, Map<string, number>>();
  for (const { event, position } of events.values()) {
    for (const { id } of event.data.tokens ?? []) {
      positions.set(id, (positions.get(id) ?? new Map<string, number>()).set(event.type, position));
    }
  }
  const lost = [...acknowledged].flatMap(([id, types]) =>
    [...types].filter((type) => !positions.get(id)?.has(type)).map((type) => `${type} of ${id}`),
  );
  assertNone(lost, 'acknowledged changes have no event');
  const unordered = [...positions].filter(([, order]) => {
    // A change that the server rejected has no event.
    const found = Object.values(TYPES).flatMap((type) => order.get(type) ?? []);
    return found.some((position, index) => position < (found[index - 1] ?? 0));
  });
  assertNone(
    unordered.map(([id]) => id),
    'events of a token arrived in another order',
  );
}

describeScenario({
  name: 'kill -9 of the sender of events on SQLite, under load',
  run: (context) => run(rounds(2, 10), context, context.sqlite(SETTINGS)),
});

describeScenario({
  name: 'kill -9 of the sender of events on PostgreSQL, beside a second server',
  run: async (context) => {
    const first = await context.postgres(SETTINGS);
    return run(rounds(1, 3), context, first, context.beside(first, SETTINGS));
  },
});
