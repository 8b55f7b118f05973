import { describe, expect, it } from '@jest/globals';
import { AuditEvent } from '../trail/audit-event.entity.js';
import { toAuditEventDto } from './audit-event.mapper.js';

const ENTRY: AuditEvent = Object.assign(new AuditEvent(), {
  id: 'event-1',
  sequence: 7,
  time: Date.UTC(2030, 0, 1),
  actorId: 'user-1',
  actorName: 'admin',
  actorTokenId: 'token-1',
  subjectKind: 'user',
  subjectId: 'user-2',
  subjectName: 'anne',
  action: 'user_updated',
  outcome: 'success',
  address: '192.0.2.1',
  traceId: 'trace-1',
  before: '{"enabled":true}',
  after: '{"enabled":false}',
  keyId: 'key-1',
  previousMac: 'mac-6',
  mac: 'mac-7',
});

describe('toAuditEventDto', () => {
  it('converts an entry without its seal', () => {
    expect(toAuditEventDto(ENTRY)).toEqual({
      id: 'event-1',
      time: '2030-01-01T00:00:00.000Z',
      actor: { id: 'user-1', name: 'admin', tokenId: 'token-1' },
      subject: { kind: 'user', id: 'user-2', name: 'anne' },
      action: 'user_updated',
      outcome: 'success',
      address: '192.0.2.1',
      traceId: 'trace-1',
      before: { enabled: true },
      after: { enabled: false },
    });
  });

  it('omits absent members', () => {
    const bare = {
      ...ENTRY,
      actorId: null,
      actorName: null,
      actorTokenId: null,
      subjectId: null,
      address: null,
      traceId: null,
      before: null,
      after: null,
    };

    expect(toAuditEventDto(bare)).toEqual({
      id: 'event-1',
      time: '2030-01-01T00:00:00.000Z',
      subject: { kind: 'user', name: 'anne' },
      action: 'user_updated',
      outcome: 'success',
    });
  });
});
