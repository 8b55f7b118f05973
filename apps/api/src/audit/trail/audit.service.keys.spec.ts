import { beforeEach, describe, expect, it } from '@jest/globals';
import { StoppedClock } from '../../../../../test/support/unit/throttle-in-memory.js';
import { type WriteTransaction, type Writes } from '../../platform/database/writes.service.js';
import { type AuditEvent } from './audit-event.entity.js';
import { type AuditKeys } from '../keys/audit-keys.service.js';
import { type AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { type LoginFigures } from '../counts/login-figures.service.js';
import { sealedText } from './audit-entry.js';
import { SealingKey } from '../keys/sealing-key.js';

const own = SealingKey.create();
const former = SealingKey.create();

/** Id of the key for the next entry. */
let keyId: string;
let events: AuditEvent[];
let audit: AuditService;

beforeEach(() => {
  events = [];
  const repository = {
    advanceChain: () => Promise.resolve({ sequence: 1, mac: '', keyId }),
    append: (event: AuditEvent) => Promise.resolve(void events.push(event)),
  };
  const keys = { ownOrCreate: () => own, find: (id: string) => [own, former].find((key) => key.id === id) };
  audit = new AuditService(
    repository as unknown as AuditRepository,
    {} as LoginFigures,
    keys as AuditKeys,
    new StoppedClock(),
    {} as Writes,
  );
});

const record = (origin = {}) =>
  audit.record(
    { action: 'authn_logout', subject: { kind: 'token', id: 'token-1', name: 'anne' }, origin },
    {} as WriteTransaction,
  );

describe('AuditService.record', () => {
  it.each([
    ['the server’s own key in an empty trail', '', own],
    ['the key that the chain names', former.id, former],
  ])('seals with %s', async (_, id, key) => {
    keyId = id;

    await record();

    expect(events).toMatchObject([{ keyId: key.id, mac: key.seal(sealedText(events[0]!)) }]);
  });

  it('writes nothing without the key of the chain, and reports the id of the key', async () => {
    keyId = '0123456789abcdef';

    await expect(record()).rejects.toMatchObject({
      code: 'unavailable',
      options: { retryAfterSeconds: 2, detail: expect.stringContaining(keyId) },
    });
    expect(events).toEqual([]);
  });

  it('records no address for the command line', async () => {
    keyId = '';

    await record({ address: '', agent: undefined, traceId: 'trace-1' });

    expect(events).toMatchObject([{ address: null, traceId: 'trace-1' }]);
  });
});
