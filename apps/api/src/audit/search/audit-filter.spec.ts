import { describe, expect, it } from '@jest/globals';
import { type AuditEventQueryDto } from '@latchkey/auth-models';
import { auditFilter, formatCursor, parseCursor } from './audit-filter.js';

const ID = '019ab3f0-5c1e-7d42-9d3a-2f6c8e1b7a90';

describe('auditFilter', () => {
  it.each<[string, AuditEventQueryDto, object]>([
    ['a name in any spelling', { actor: 'ÄNNE' }, { actorName: 'änne' }],
    ['an id', { actor: ID.toUpperCase() }, { actorId: ID }],
    ['a token', { actorToken: ID.toUpperCase() }, { actorTokenId: ID }],
    ['an address in another spelling', { address: '::FFFF:192.0.2.1' }, { address: '192.0.2.1' }],
    ['a network', { address: '2001:db8::/64' }, { address: '2001:db8::/64' }],
    ['an action', { action: 'authn_logout' }, { action: 'authn_logout' }],
    ['an outcome', { outcome: 'failure' }, { outcome: 'failure' }],
    ['a name that ends with an id', { actor: `x${ID}` }, { actorName: `x${ID}` }],
    ['a name that starts with an id', { actor: `${ID}x` }, { actorName: `${ID}x` }],
    ['a request', { traceId: 'A' }, { traceId: 'A' }],
    ['the server', { actor: 'server' }, { actorId: 'server' }],
    ['the command line', { actor: 'command-line' }, { actorId: 'command-line' }],
    ['reports of leaks', { actor: 'leak-report' }, { actorId: 'leak-report' }],
  ])('reads %s', (_, query, equal) => {
    expect(auditFilter(query).equal).toEqual(equal);
  });

  it.each([
    ['by name', 'Anne', { by: 'name', value: 'anne' }],
    ['by id', ID.toUpperCase(), { by: 'id', value: ID }],
    ['that cannot be a user name', 'Audit Trail', { by: 'name', value: 'Audit Trail' }],
    ['by the preview of a token', 'latchkey_...a1B2', { by: 'name', value: 'latchkey_…a1B2' }],
    ['that is a reserved word', 'bulk', { by: 'name', value: 'bulk' }],
  ])('reads a subject %s', (_, subject, condition) => {
    expect(auditFilter({ subject })).toMatchObject({ equal: {}, subject: condition });
  });

  it('reads times in any time zone', () => {
    const { from, to } = auditFilter({ from: '2030-01-01T02:00:00+02:00', to: '2030-01-02T00:00:00Z' });

    expect([from, to]).toEqual([Date.UTC(2030, 0, 1), Date.UTC(2030, 0, 2)]);
  });

  it('has no conditions for an empty query', () => {
    expect(auditFilter({})).toStrictEqual({ equal: {}, subject: undefined, from: undefined, to: undefined });
  });
});

const encode = (text: string) => Buffer.from(text).toString('base64url');

describe('cursor', () => {
  it.each([0, 1, 999_999_999_999_999])('round-trips %d', (sequence) => {
    expect(parseCursor(formatCursor(sequence))).toBe(sequence);
  });

  it.each([
    ['an empty text', ''],
    ['a bare number', '17'],
    ['another word', encode('after:17')],
    ['leading text', encode('x before:17')],
    ['trailing text', encode('before:17 x')],
    ['no number', encode('before:')],
    ['a sign', encode('before:-1')],
    ['a leading zero, which is another spelling', encode('before:017')],
    ['more digits than a number holds', encode('before:1000000000000000')],
    ['padding', `${Buffer.from('before:1').toString('base64')}=`],
  ])('rejects %s', (_, cursor) => {
    expect(() => parseCursor(cursor)).toThrow(
      expect.objectContaining({
        code: 'invalid_parameter',
        options: { errors: [expect.objectContaining({ pointer: '/cursor', code: 'cursor_unknown' })] },
      }),
    );
  });
});
