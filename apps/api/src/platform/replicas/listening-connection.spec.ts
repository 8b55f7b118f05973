import { EventEmitter } from 'node:events';
import { type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Client } from 'pg';
import { type AffectedUsers } from '../database/affected-users.js';
import { type OwnConnection } from '../database/postgres/postgres-data-source.js';
import { ListeningConnection, RejectedError } from './listening-connection.js';

/** A PostgreSQL that delivers notifications to its listening client. */
class FakePostgres {
  listening: FakeClient | undefined;
  isStandby = false;
  notify(channel = '', payload = ''): void {
    this.listening?.emit('notification', { channel, payload });
  }
}

class FakeClient extends EventEmitter {
  constructor(private readonly connectTo: () => FakePostgres | Error | 'stalled') {
    super();
  }
  /** Closes the socket. */
  destroy: () => void = () => undefined;
  private postgres: FakePostgres | undefined;
  connect = () => {
    const found = this.connectTo();
    if (found === 'stalled') {
      return new Promise<void>((_, reject) => {
        this.destroy = () => reject(new Error('Connection terminated'));
      });
    }
    if (found instanceof Error) {
      // As in `pg`, before the caller of `connect` continues.
      this.emit('end');
      return Promise.reject(found);
    }
    this.postgres = found;
    return Promise.resolve();
  };
  end = () => Promise.resolve();
  query = (text: string, [channel, payload]: string[] = []) => {
    if (text.startsWith('LISTEN')) {
      if (this.postgres!.isStandby) {
        return Promise.reject(new Error('cannot execute LISTEN during recovery'));
      }
      this.postgres!.listening = this;
    } else {
      this.postgres?.notify(channel, payload);
    }
    return Promise.resolve({ rows: [] });
  };
}

/** The PostgreSQL that new connections reach, or their error. */
let current: FakePostgres | Error | 'stalled';
let client: FakeClient;
let probes: number;
let heard: AffectedUsers[];
let roundTrips: number[];
let connection: ListeningConnection;

const connectionOf = (fake: FakeClient): OwnConnection => ({
  client: fake as unknown as Client,
  socket: {
    connecting: false,
    destroy: () => fake.destroy(),
    destroySoon: () => undefined,
  } as unknown as Socket,
});

beforeEach(() => {
  current = new FakePostgres();
  client = new FakeClient(() => current);
  probes = 0;
  heard = [];
  roundTrips = [];
  connection = new ListeningConnection(
    connectionOf(client),
    () => {
      probes += 1;
      return connectionOf(new FakeClient(() => current));
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
    'counts as working for 1.5 s after a probe began, even if timers are late: %d ms',
    async (later, isProven) => {
      const now = jest.spyOn(performance, 'now').mockReturnValue(10_000);
      await connection.open();

      now.mockReturnValue(10_000 + later);

      expect(connection.isProven).toBe(isProven);
    },
  );

  it('reports the time from sending a probe to its arrival, and proves the time before its connection', async () => {
    [9_000, 10_000, 10_100, 10_350].forEach((time) =>
      jest.spyOn(performance, 'now').mockReturnValueOnce(time),
    );

    await connection.open();

    expect(roundTrips).toEqual([0.25]);
    expect(connection.provenTo).toBe(10_000);
  });

  it.each(['error', 'end'])('stops counting as working in the tick of an %s', async (event) => {
    await connection.open();

    client.emit(event, new Error('gone'));

    expect(connection.isProven).toBe(false);
  });

  it('ignores foreign payloads on its own channel', async () => {
    current = Object.assign(new FakePostgres(), {
      notify(this: FakePostgres, channel: string) {
        this.listening?.emit('notification', { channel, payload: 'a guess' });
      },
    });

    await expect(connection.open()).rejects.toThrow('did not arrive');
    expect(connection.isProven).toBe(false);
  });

  it('reports the users of a notification, and all users when it cannot parse it', () => {
    client.emit('notification', { channel: 'latchkey_revocation', payload: 'all' });
    client.emit('notification', { channel: 'latchkey_revocation' });

    expect(heard).toEqual(['all', 'all']);
  });

  it('closes when new connections lead to another PostgreSQL', async () => {
    await connection.open();
    current = new FakePostgres();

    await expect(connection.keepProving()).rejects.toThrow('A notification did not arrive');
  });

  it.each([
    ['its connection', () => new Error('too many connections')],
    ['LISTEN, as on a standby', () => Object.assign(new FakePostgres(), { isStandby: true })],
  ])('distinguishes a rejection of %s from a timeout', async (_, rejecting) => {
    current = rejecting();

    await expect(connection.open()).rejects.toThrow(RejectedError);
  });

  it.each([
    [1_499, true],
    [1_500, false],
  ])('accepts a probe that arrives within 1.5 s: %d ms', async (milliseconds, isAccepted) => {
    const times = [10_000, 10_000, 10_000];
    jest.spyOn(performance, 'now').mockImplementation(() => times.shift() ?? 10_000 + milliseconds);

    const open = connection.open().then(
      () => true,
      (error: Error) => error.message,
    );

    expect(await open).toBe(isAccepted || 'A probe took too long');
  });

  it('closes when probes are rejected for 1.5 s', async () => {
    await connection.open();
    current = new Error('too many connections');

    await expect(connection.keepProving()).rejects.toThrow(RejectedError);
    expect(probes).toBeGreaterThan(2);
    expect(connection.isProven).toBe(false);
  });

  it('throws no RejectedError when a new connection does not open in time', async () => {
    await connection.open();
    current = 'stalled';

    const error: unknown = await connection.keepProving().catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ message: 'PostgreSQL did not answer in time' });
    expect(error).not.toBeInstanceOf(RejectedError);
  });
});
