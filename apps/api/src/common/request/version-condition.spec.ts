import { describe, expect, it } from '@jest/globals';
import { checkVersion, stale, type VersionCondition } from './version-condition.js';

describe('checkVersion', () => {
  it.each<[string, VersionCondition | undefined]>([
    ['there is no condition', undefined],
    ['any version is accepted', { versions: undefined, rejection: 'precondition_failed' }],
    ['the version matches', { versions: [3], rejection: 'conflict' }],
    ['one of the versions matches', { versions: [1, 3], rejection: 'precondition_failed' }],
  ])('passes when %s', (_, condition) => {
    expect(() => checkVersion(condition, 3)).not.toThrow();
  });

  it.each<[string, VersionCondition, string]>([
    ['the body has another version', { versions: [2], rejection: 'conflict' }, 'now at version 3. Fetch it'],
    [
      'the header has other versions',
      { versions: [1, 2], rejection: 'precondition_failed' },
      'now at version 3. Fetch it',
    ],
    ['neither has a version', { versions: [], rejection: 'precondition_required' }, 'Send the ETag'],
  ])('rejects another version and reports the current one when %s', (_, condition, advice) => {
    expect(() => checkVersion(condition, 3)).toThrow(
      expect.objectContaining({
        code: condition.rejection,
        message: expect.stringContaining(advice),
      }),
    );
  });
});

it('checkVersion rejects a condition on a resource that does not exist', () => {
  const condition: VersionCondition = { versions: undefined, rejection: 'precondition_failed' };

  expect(() => checkVersion(condition, undefined)).toThrow(
    expect.objectContaining({ code: 'precondition_failed' }),
  );
  expect(() => checkVersion(undefined, undefined)).not.toThrow();
});

describe('stale', () => {
  it('returns an error with the code of the condition', () => {
    expect(stale({ rejection: 'precondition_failed' }).code).toBe('precondition_failed');
  });

  it('returns a conflict without a condition', () => {
    expect(stale().code).toBe('conflict');
  });
});
