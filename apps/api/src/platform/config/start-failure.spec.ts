import { describe, expect, it } from '@jest/globals';
import { Config } from './config.js';
import { ConfigurationError } from './configuration-error.js';
import { describeStartFailure } from './start-failure.js';

const config = (LATCHKEY_LOG_LEVEL = 'info') =>
  Config.read({ LATCHKEY_DATA_DIR: '/srv/latchkey', LATCHKEY_LOG_LEVEL });

describe('describeStartFailure', () => {
  it('is the message of a wrong configuration', () => {
    expect(describeStartFailure(new ConfigurationError('PORT: is odd'))).toBe('PORT: is odd');
  });

  it('is one line, whatever the message', () => {
    expect(describeStartFailure(new Error('one\n  two\nthree'), config())).toBe('one two three');
  });

  it('names the data folder when a file in it cannot be made', () => {
    const error = Object.assign(new Error('ENOTDIR: not a directory'), { path: '/srv/latchkey/audit.key' });

    expect(describeStartFailure(error, config())).toMatch(/^LATCHKEY_DATA_DIR: .*ENOTDIR: not a directory$/);
  });

  it('blames no variable for a file elsewhere', () => {
    const error = Object.assign(new Error('EISDIR: a folder'), { path: 'data/.env' });

    expect(describeStartFailure(error, config())).toBe('EISDIR: a folder');
  });

  it('shows the stack to whoever asked for the log of a developer', () => {
    expect(describeStartFailure(new Error('broken'), config('debug'))).toMatch(
      /^broken\nError: broken\n +at /,
    );
  });

  it('takes what is no error', () => {
    expect(describeStartFailure('broken')).toBe('broken');
  });
});
