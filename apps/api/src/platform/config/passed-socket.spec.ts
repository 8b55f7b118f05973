import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../../common/application-error.js';
import { checkPassedAddress, passedSocket } from './passed-socket.js';

const noSocket = openSync(devNull, 'r');

afterAll(() => closeSync(noSocket));

describe('passedSocket', () => {
  it.each([
    ['no variables', {}],
    ['variables of another process', { LISTEN_PID: '8', LISTEN_FDS: '1' }],
    ['no socket', { LISTEN_PID: '7', LISTEN_FDS: '0' }],
  ])('returns undefined for %s', (_, environment) => {
    expect(passedSocket(environment, 7)).toBeUndefined();
  });

  it.each([
    ['two sockets', '2'],
    ['another kind of file', '1'],
  ])('rejects %s', (_, count) => {
    expect(() => passedSocket({ LISTEN_PID: '7', LISTEN_FDS: count }, 7, noSocket)).toThrow(
      ConfigurationError,
    );
  });
});

describe('checkPassedAddress', () => {
  it('accepts a TCP socket', () => {
    expect(() => checkPassedAddress({ address: '::', family: 'IPv6', port: 3000 })).not.toThrow();
  });

  it.each([
    ['a path', '/run/latchkey.sock'],
    ['no address', null],
  ])('rejects a Unix socket with %s', (_, address) => {
    expect(() => checkPassedAddress(address)).toThrow(/^LISTEN_FDS: /);
  });
});
