import { describe, expect, it } from '@jest/globals';
import { type AuditEvent } from '../trail/audit-event.entity.js';
import { handedOverTo } from './hand-over.js';

const ID = '0123456789abcdef';
const entry = (action: string, after: string | null) => handedOverTo({ action, after } as AuditEvent);

describe('handedOverTo', () => {
  it('returns the key in the entry of a rotation', () => {
    expect(entry('audit_key_rotated', JSON.stringify({ keyId: ID }))).toBe(ID);
  });

  it.each([
    ['another action', 'user_updated', JSON.stringify({ keyId: ID })],
    ['no content', 'audit_key_rotated', null],
    ['an id that is too long', 'audit_key_rotated', JSON.stringify({ keyId: `${ID}0` })],
    ['an id that is too short', 'audit_key_rotated', JSON.stringify({ keyId: ID.slice(1) })],
    ['another member', 'audit_key_rotated', JSON.stringify({ oldKeyId: ID })],
  ])('returns undefined for %s', (_, action, after) => {
    expect(entry(action, after)).toBeUndefined();
  });
});
