import { describe, expect, it } from '@jest/globals';
import { Config } from './config.js';
import { ConfigurationError } from '../../common/application-error.js';
import { cannotListen, describeStartFailure } from './start-failure.js';

const config = (LATCHKEY_LOG_LEVEL = 'info') =>
  Config.read({ LATCHKEY_DATA_DIR: '/srv/latchkey', LATCHKEY_LOG_LEVEL });

describe('cannotListen', () => {
  const messageAfter = (code: string, unit?: string) =>
    cannotListen({ host: '127.0.0.1', port: 80 }, Object.assign(new Error(code), { code }), unit).message;

  it.each([
    [
      'EADDRINUSE',
      'Port 80 of 127.0.0.1 is in use (EADDRINUSE). Stop the program that uses it, or set PORT to another one.',
    ],
    [
      'EACCES',
      'This account is not allowed to use port 80 of 127.0.0.1 (EACCES). Set PORT to 1024 or higher.',
    ],
    [
      'EADDRNOTAVAIL',
      'The server cannot listen on port 80 of 127.0.0.1 (EADDRNOTAVAIL). Set HOST to an address of this machine, such as 127.0.0.1, or to 0.0.0.0 for all addresses.',
    ],
  ])('describes the cause of %s, then what to change', (code, message) => {
    expect(messageAfter(code, '/nowhere/latchkey.socket')).toBe(message);
  });

  it('mentions systemd when latchkey.socket is installed', () => {
    expect(messageAfter('EADDRINUSE', import.meta.filename)).toMatch(
      /another one\. If systemd holds it for latchkey\.socket, run journalctl -u latchkey/,
    );
  });
});

describe('describeStartFailure', () => {
  it('returns the message of a configuration error', () => {
    expect(describeStartFailure(new ConfigurationError('PORT: is odd'))).toBe('PORT: is odd');
  });

  it('returns one line for a message of several lines', () => {
    expect(describeStartFailure(new Error('one\n  two\nthree'), config())).toBe('one two three');
  });

  it('names the data folder when a file in it cannot be created', () => {
    const error = Object.assign(new Error('ENOTDIR: not a directory'), { path: '/srv/latchkey/audit.key' });

    expect(describeStartFailure(error, config())).toMatch(
      /^LATCHKEY_DATA_DIR: ENOTDIR: not a directory\. Use a folder/,
    );
  });

  it('names no variable for other files', () => {
    const error = Object.assign(new Error('EISDIR: a folder'), { path: 'data/.env' });

    expect(describeStartFailure(error, config())).toBe('EISDIR: a folder');
  });

  it('includes the stack at the log levels debug and trace', () => {
    expect(describeStartFailure(new Error('broken'), config('debug'))).toMatch(
      /^broken\nError: broken\n +at /,
    );
  });

  it('accepts values that are not errors', () => {
    expect(describeStartFailure('broken')).toBe('broken');
  });
});
