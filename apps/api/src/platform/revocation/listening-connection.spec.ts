import { EventEmitter } from 'node:events';
import { type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Client } from 'pg';
import { type AffectedUsers } from '../database/affected-users.js';
import { ListeningConnection, type Notify } from './listening-connection.js';

/** A connection on which PostgreSQL delivers what is sent, unless the test disables it. */
class FakeClient extends EventEmitter {
  isDelivering = true;
  connect = () => Promise.resolve();
  end = () => Promise.resolve();
  query = (_text: string, values: string[] = []) => {
    const [channel, payload] = values;
    if (channel && this.isDelivering) {
      this.emit('notification', { channel, payload });
    }
    return Promise.resolve({ rows: [] });
  };
}

let client: FakeClient;
let heard: AffectedUsers[];
let roundTrips: number[];
let connection: ListeningConnection;
const notify = (channel: string, payload: string) => client.query('', [channel, payload]);

beforeEach(() => {
  client = new FakeClient();
  heard = [];
  roundTrips = [];
  connection = new ListeningConnection(
    {
      client: client as unknown as Client,
      socket: { connecting: false, destroySoon: () => undefined } as unknown as Socket,
    },
    (affected) => heard.push(affected),
    () => undefined,
    (seconds) => roundTrips.push(seconds),
  );
});

afterEach(() => {
  connection.close();
  jest.restoreAllMocks();
});

describe('ListeningConnection', () => {
  it.each([
    [1_499, true],
    [1_500, false],
  ])(
    'counts as working for 1.5 s after a probe was sent, even if timers are late: %d ms',
    async (later, isProven) => {
      const now = jest.spyOn(performance, 'now').mockReturnValue(10_000);
      await connection.open(notify);

      now.mockReturnValue(10_000 + later);

      expect(connection.isProven).toBe(isProven);
    },
  );

  it('reports the duration of a probe', async () => {
    jest.spyOn(performance, 'now').mockReturnValueOnce(10_000).mockReturnValueOnce(10_250);

    await connection.open(notify);

    expect(roundTrips).toEqual([0.25]);
  });

  it.each(['error', 'end'])('stops counting as working in the tick of an %s', async (event) => {
    await connection.open(notify);

    client.emit(event, new Error('gone'));

    expect(connection.isProven).toBe(false);
  });

  it('ignores foreign payloads on its own channel', async () => {
    const opened = connection.open((channel) => notify(channel, 'a guess'));

    await expect(opened).rejects.toThrow('did not arrive');
    expect(connection.isProven).toBe(false);
  });

  it('reports the users of a notification, and all users when it cannot parse it', () => {
    client.emit('notification', { channel: 'latchkey_revocation', payload: 'all' });
    client.emit('notification', { channel: 'latchkey_revocation' });

    expect(heard).toEqual(['all', 'all']);
  });

  it.each<[string, Notify, string]>([
    ['goes on while what others send arrives', (...sent) => notify(...sent), 'goes on'],
    ['goes on when nothing can be sent', () => Promise.reject(new Error('the pool is full')), 'goes on'],
    [
      'ends when something that was sent does not arrive',
      () => Promise.resolve(),
      'A notification by another connection did not arrive',
    ],
  ])('%s', async (_, send, outcome) => {
    await connection.open(notify);
    let sent = 0;
    const counted: Notify = (...what) => {
      sent += 1;
      return send(...what);
    };

    const proving = connection.keepProvingOthers(counted, 1).catch(({ message }: Error) => message);
    // A connection that goes on has no event to wait for. On a busy machine, the other one ends later.
    const isOver = outcome === 'goes on' ? [pause(1_200).then(() => 'goes on')] : [];

    expect(await Promise.race([proving, ...isOver])).toBe(outcome);
    expect(sent).toBeGreaterThan(outcome === 'goes on' ? 1 : 0);
  });

  it('closes when a probe does not arrive', async () => {
    await connection.open(notify);
    client.isDelivering = false;

    await expect(connection.keepProving()).rejects.toThrow('Nothing arrives within 1000 ms');
  });
});
