import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type FastifyRequest } from 'fastify';
import { principalWith } from '../../../../../test/support/unit/fake-call.js';
import { StoppedClock } from '../../../../../test/support/unit/throttle-in-memory.js';
import { ApplicationError } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { type Logger } from '../../platform/logging/logger.js';
import { type AuditTallies, type TallyRecord } from './audit-tallies.service.js';
import { type AuditRecord, type AuditService } from '../trail/audit.service.js';
import { RejectedRequests } from './rejected-requests.service.js';

const WINDOW = 600_000;
const ANNE = principalWith();

let clock: StoppedClock;
let records: AuditRecord[];
let tallied: [string, number, TallyRecord][];
let record: jest.Mock<(record: AuditRecord) => Promise<void>>;
let warn: jest.Mock;
let rejections: RejectedRequests;

beforeEach(() => {
  clock = new StoppedClock();
  records = [];
  tallied = [];
  record = jest.fn((made) => Promise.resolve(void records.push(made)));
  warn = jest.fn();
  rejections = new RejectedRequests(
    { recordEvent: record } as unknown as AuditService,
    {
      count: (...counted: (typeof tallied)[number]) => void tallied.push(counted),
    } as unknown as AuditTallies,
    clock,
    { warn } as unknown as Logger,
  );
});

async function reject(count = 1, user: Principal | undefined = ANNE, params?: object): Promise<void> {
  const request = { id: 'trace-1', method: 'PUT', routeOptions: { url: '/users/:name' }, user, params };
  for (let index = 0; index < count; index += 1) {
    await rejections.record(request as unknown as FastifyRequest, new ApplicationError('forbidden'));
  }
}

describe('RejectedRequests', () => {
  it('records the route, its parameters and the actor', async () => {
    await reject(1, ANNE, { name: 'bert' });

    expect(records).toEqual([
      {
        action: 'authz_fail',
        outcome: 'failure',
        actor: ANNE,
        subject: { kind: 'route', id: null, name: 'PUT /users/:name' },
        after: { code: 'forbidden', parameters: { name: 'bert' } },
      },
    ]);
  });

  it.each([
    ['there are none', undefined],
    ['the only one is a secret', { name: 'latchkey_0123456789ab' }],
  ])('records no parameters when %s', async (_, params) => {
    await reject(1, ANNE, params);

    expect(records[0]?.after).toEqual({ code: 'forbidden' });
  });

  it('records the token of a caller that was rejected before it had a principal', async () => {
    const actor = { ...ANNE, token: { id: 'token-1' } } as Principal;
    const request = { method: 'GET', routeOptions: { url: '/me' } } as unknown as FastifyRequest;

    await rejections.record(request, new ApplicationError('address_not_allowed', { actor }));

    expect(records[0]).toMatchObject({ actor, after: { code: 'address_not_allowed', tokenId: 'token-1' } });
  });

  it('records a caller without a token that was rejected before it had a principal', async () => {
    const actor = { ...ANNE, token: undefined } as Principal;
    const request = { method: 'GET', routeOptions: { url: '/me' } } as unknown as FastifyRequest;

    await rejections.record(request, new ApplicationError('address_not_allowed', { actor }));

    expect(records).toMatchObject([{ actor, after: { code: 'address_not_allowed' } }]);
  });

  it('records up to 64 characters of a parameter', async () => {
    await reject(1, ANNE, { name: 'x'.repeat(65) });

    expect(records[0]?.after).toMatchObject({ parameters: { name: 'x'.repeat(64) } });
  });

  it('records nothing for unauthenticated clients', async () => {
    const request = { routeOptions: { url: '/' } };

    await rejections.record(request as unknown as FastifyRequest, new ApplicationError('forbidden'));

    expect(record).not.toHaveBeenCalled();
  });

  it('resolves when the rejection cannot be recorded', async () => {
    record.mockRejectedValue(new Error('full'));

    await expect(reject()).resolves.toBeUndefined();

    expect(warn).toHaveBeenCalledWith({ err: new Error('full'), traceId: 'trace-1' }, expect.anything());
  });
});

describe('RejectedRequests for many rejections of one user', () => {
  it('records the first 100 one by one, and counts the rest', async () => {
    await reject(102);

    expect(records).toHaveLength(100);
    expect(tallied.map(([key, window]) => [key, window])).toEqual([
      ['rejections of id-anne', WINDOW],
      ['rejections of id-anne', WINDOW],
    ]);
    expect(await tallied[0]?.[2]()).toEqual({
      action: 'authz_fail',
      outcome: 'failure',
      actor: ANNE,
      subject: { kind: 'user', id: 'id-anne', name: 'anne' },
      origin: { address: '192.0.2.7' },
    });
  });

  it('counts each user separately', async () => {
    await reject(101);
    await reject(1, principalWith({ id: 'id-bert', name: 'bert' }));

    expect(records).toHaveLength(101);
  });

  it('records them one by one again when the window closes, and not before', async () => {
    await reject(100);

    clock.time += WINDOW - 1;
    await reject();
    clock.time += 1;
    await reject();

    expect([records.length, tallied.length]).toEqual([101, 1]);
  });
});
