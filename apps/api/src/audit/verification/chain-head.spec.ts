import { describe, expect, it } from '@jest/globals';
import { formatHead, parseHead } from './chain-head.js';

const MAC = 'aZ09-_'.padEnd(43, 'x');

describe('head', () => {
  it.each([
    { sequence: 12, mac: MAC },
    { sequence: 0, mac: '' },
  ])('is read as it is exported: %j', (head) => {
    expect(parseHead(formatHead(head))).toEqual(head);
  });

  it('may have white space around it', () => {
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
  ])('is not read from %j', (text) => {
    expect(parseHead(text)).toBeUndefined();
  });
});
