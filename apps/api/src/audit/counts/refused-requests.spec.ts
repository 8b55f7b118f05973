import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type FastifyRequest } from 'fastify';
import { CALLER, principalWith } from '../../../../../test/support/unit/fake-call.js';
import { StoppedClock } from '../../../../../test/support/unit/throttle-in-memory.js';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction, type Writes } from '../../platform/database/writes.js';
import { type Logger } from '../../platform/logging/logger.js';
import { type AuditTallies, type TallyRecord } from './audit-tallies.js';
import { type AuditRecord, type AuditService } from '../trail/audit.service.js';
import { RefusedRequests } from './refused-requests.js';

const WINDOW = 600_000;
const ANNE = principalWith();

let clock: StoppedClock;
let records: AuditRecord[];
let tallied: [string, number, TallyRecord][];
let record: jest.Mock<(record: AuditRecord) => Promise<void>>;
let warn: jest.Mock;
let refused: RefusedRequests;

beforeEach(() => {
  clock = new StoppedClock();
  records = [];
  tallied = [];
  record = jest.fn((made) => Promise.resolve(void records.push(made)));
  warn = jest.fn();
  refused = new RefusedRequests(
    { record } as unknown as AuditService,
    {
      count: (...counted: (typeof tallied)[number]) => void tallied.push(counted),
    } as unknown as AuditTallies,
    {
      transaction: (work: (tx: WriteTransaction) => Promise<unknown>) => work({} as WriteTransaction),
    } as Writes,
    clock,
    { warn } as unknown as Logger,
  );
});

async function refuse(count = 1, user: Principal | undefined = ANNE, params?: object): Promise<void> {
  const request = { id: 'trace-1', method: 'PUT', routeOptions: { url: '/users/:name' }, user, params };
  for (let index = 0; index < count; index += 1) {
    await refused.record(request as unknown as FastifyRequest, 'forbidden');
  }
}

describe('a refusal', () => {
  it('is recorded with its route, what that was about, and who asked', async () => {
    await refuse(1, ANNE, { name: 'bert' });

    expect(records).toEqual([
      {
        action: 'authz_fail',
        outcome: 'failure',
        actor: ANNE,
        subject: { kind: 'route', id: null, name: 'PUT /users/:name' },
        origin: CALLER,
        after: { code: 'forbidden', parameters: { name: 'bert' } },
      },
    ]);
  });

  it.each([
    ['there are none', undefined],
    ['a secret is the only one', { name: 'lk_abc' }],
  ])('is recorded without parameters when %s', async (_, params) => {
    await refuse(1, ANNE, params);

    expect(records[0]?.after).toEqual({ code: 'forbidden' });
  });

  it('is recorded with no more than 64 characters of a parameter', async () => {
    await refuse(1, ANNE, { name: 'x'.repeat(65) });

    expect(records[0]?.after).toMatchObject({ parameters: { name: 'x'.repeat(64) } });
  });

  it('of a stranger is recorded for nobody', async () => {
    const request = { routeOptions: { url: '/' } };

    await refused.record(request as unknown as FastifyRequest, 'forbidden');

    expect(record).not.toHaveBeenCalled();
  });

  it('stands even if it cannot be recorded', async () => {
    record.mockRejectedValue(new Error('full'));

    await expect(refuse()).resolves.toBeUndefined();

    expect(warn).toHaveBeenCalledWith({ err: new Error('full'), traceId: 'trace-1' }, expect.anything());
  });
});

describe('many refusals of one user', () => {
  it('are recorded one by one up to a hundred, and counted from then on', async () => {
    await refuse(102);

    expect(records).toHaveLength(100);
    expect(tallied.map(([key, window]) => [key, window])).toEqual([
      ['refusals of id-anne', WINDOW],
      ['refusals of id-anne', WINDOW],
    ]);
    expect(await tallied[0]?.[2]()).toEqual({
      action: 'authz_fail',
      outcome: 'failure',
      actor: ANNE,
      subject: { kind: 'user', id: 'id-anne', name: 'anne' },
      origin: { address: '192.0.2.7' },
    });
  });

  it('leave others’ alone', async () => {
    await refuse(101);
    await refuse(1, principalWith({ id: 'id-bert', name: 'bert' }));

    expect(records).toHaveLength(101);
  });

  it('are recorded one by one again when the window is over, and no sooner', async () => {
    await refuse(100);

    clock.time += WINDOW - 1;
    await refuse();
    clock.time += 1;
    await refuse();

    expect([records.length, tallied.length]).toEqual([101, 1]);
  });
});
