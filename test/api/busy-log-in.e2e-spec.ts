import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { HashQueue } from '../../apps/api/src/platform/crypto/hash-queue.js';
import { UsersRepository } from '../../apps/api/src/identity/users/model/users.repository.js';
import { ADMIN } from '../support/test-server.js';
import { useServer } from '../support/use-server.js';

const server = useServer({ environment: { LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: '5' } });

const taken: Promise<void>[] = [];
let end: () => void;

afterEach(async () => {
  await emptyQueue();
  jest.restoreAllMocks();
});

const login = () => server.client.login(ADMIN.name, ADMIN.password);

/** Fills the queue of hashes until it takes no more. */
async function fillQueue(): Promise<void> {
  const queue = server.app.get(HashQueue);
  const isOver = new Promise<void>((resolve) => (end = resolve));
  while (hasRoom(queue)) {
    taken.push(queue.run(() => isOver));
    await new Promise(setImmediate);
  }
}

async function emptyQueue(): Promise<void> {
  end();
  await Promise.all(taken.splice(0));
}

function hasRoom(queue: HashQueue): boolean {
  try {
    queue.refuseIfFull();
    return true;
  } catch {
    return false;
  }
}

describe('POST /auth/login while the hash queue is full', () => {
  it('returns 503 with Retry-After, without a database read', async () => {
    const lookUp = jest.spyOn(server.app.get(UsersRepository), 'findForLogin');
    await fillQueue();
    const rows = () => server.database.query('SELECT id FROM audit_events');
    const before = (await rows()).length;

    const { status, body, headers } = await login();

    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'overloaded', '2']);
    expect(lookUp).not.toHaveBeenCalled();
    expect(await rows()).toHaveLength(before);
  });

  it('does not count towards the limit, so that the next log-in succeeds', async () => {
    await fillQueue();
    await Promise.all(Array.from({ length: 20 }, login));
    await emptyQueue();

    const { status, headers } = await login();

    expect(status).toBe(200);
    expect(headers.get('ratelimit')).toContain('"account";r=5');
  });
});
