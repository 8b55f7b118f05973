import { describe, expect, it } from '@jest/globals';
import { formatHead, parseHead } from './chain-head.js';

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
