import { describe, expect, it } from '@jest/globals';
import { type AuditEvent } from '../trail/audit-event.entity.js';
import { handedOverTo } from './hand-over.js';

const ID = '0123456789abcdef';
const entry = (action: string, after: string | null) => handedOverTo({ action, after } as AuditEvent);

describe('handedOverTo', () => {
  it('is the key that an entry of a rotation names', () => {
    expect(entry('audit_key_rotated', JSON.stringify({ keyId: ID }))).toBe(ID);
  });

  it.each([
    ['another action', 'user_updated', JSON.stringify({ keyId: ID })],
    ['nothing', 'audit_key_rotated', null],
    ['an id that is too long', 'audit_key_rotated', JSON.stringify({ keyId: `${ID}0` })],
    ['an id that is too short', 'audit_key_rotated', JSON.stringify({ keyId: ID.slice(1) })],
    ['something else', 'audit_key_rotated', JSON.stringify({ oldKeyId: ID })],
  ])('is none of %s', (_, action, after) => {
    expect(entry(action, after)).toBeUndefined();
  });
});
