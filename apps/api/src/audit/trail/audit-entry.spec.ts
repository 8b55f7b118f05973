import { describe, expect, it } from '@jest/globals';
import { type AuditEvent } from './audit-event.entity.js';
import { checkpointOf, formatHead, handedOverTo, parseHead, sealedText } from './audit-entry.js';

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

const MAC = 'aZ09-_'.padEnd(43, 'x');

describe('parseHead', () => {
  it.each([
    { sequence: 12, mac: MAC },
    { sequence: 0, mac: '' },
  ])('parses an exported head: %j', (head) => {
    expect(parseHead(formatHead(head))).toEqual(head);
  });

  it('ignores surrounding white space', () => {
    expect(parseHead(` 12:${MAC}\n`)).toEqual({ sequence: 12, mac: MAC });
  });

  it.each([
    '',
    '12',
    ':',
    `x12:${MAC}`,
    `12:${MAC}x`,
    `12:${MAC.slice(1)}`,
    `12:${MAC.replace('-', '+')}`,
    `1234567890123456:${MAC}`,
  ])('returns undefined for %j', (text) => {
    expect(parseHead(text)).toBeUndefined();
  });
});

describe('sealedText', () => {
  const text = (actorTokenId: string | null) =>
    sealedText({ sequence: 1, keyId: ID, actorTokenId } as AuditEvent);
  const members = (actorTokenId: string | null) => JSON.parse(text(actorTokenId)) as unknown[];

  it('ends with the token of the actor', () => {
    expect(members('token-1').slice(14)).toEqual([ID, null, 'token-1']);
  });

  it('has no member for an absent token, so that the seals of entries without the column stay valid', () => {
    expect(members(null)).toEqual(members('token-1').slice(0, -1));
  });
});

describe('checkpointOf', () => {
  it('returns the last deleted entry and the key of the next one', () => {
    const checkpoint = { sequence: 12, mac: MAC, keyId: ID };

    expect(checkpointOf({ after: JSON.stringify(checkpoint) } as AuditEvent)).toEqual(checkpoint);
  });

  it('returns an empty checkpoint for an entry without content', () => {
    expect(checkpointOf({ after: null } as AuditEvent)).toEqual({});
  });
});
