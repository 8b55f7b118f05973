import { describe, expect, it } from '@jest/globals';
import { checkVersion } from '../common/version-condition.js';
import { demandVersion, parseIfMatch } from './if-match.js';

describe('parseIfMatch', () => {
  it.each([
    ['"3"', [3]],
    ['"3", "4"', [3, 4]],
    ['W/"3"', []],
    ['"abc"', []],
    ['"-1"', []],
    ['"3.0"', []],
  ])('reads %s', (header, versions) => {
    expect(parseIfMatch(header)).toEqual({ versions, refusal: 'precondition_failed' });
  });

  it('reads an asterisk as any version', () => {
    expect(parseIfMatch('*')?.versions).toBeUndefined();
  });

  it.each(['3', '', '"3', '"3" "4"', '*, "3"'])('refuses %j', (header) => {
    expect(() => parseIfMatch(header)).toThrow(
      expect.objectContaining({
        code: 'malformed_request',
        options: expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/If-Match' })] }),
      }),
    );
  });
});

describe('demandVersion', () => {
  it('refuses a change that names no version, once there is something to change', () => {
    const condition = demandVersion(undefined, undefined);

    expect(() => checkVersion(condition, 0)).toThrow(
      expect.objectContaining({ code: 'precondition_required' }),
    );
  });

  it('refuses a stale version of the body as a conflict, one of the header as a failed precondition', () => {
    expect(() => checkVersion(demandVersion(undefined, 1), 2)).toThrow(
      expect.objectContaining({ code: 'conflict' }),
    );
    expect(() => checkVersion(demandVersion(parseIfMatch('"1"'), 2), 2)).toThrow(
      expect.objectContaining({ code: 'precondition_failed' }),
    );
  });

  it.each([0, 1, 7])('tells which version there is to who means version %i', (version) => {
    expect(() => checkVersion(demandVersion(undefined, version), 2)).toThrow(/^It is version 2 now/);
    expect(() => checkVersion(demandVersion(parseIfMatch(`"${version}"`), undefined), 2)).toThrow(
      /^It is version 2 now/,
    );
  });

  it('tells it also to who means none', () => {
    expect(() => checkVersion(demandVersion(undefined, undefined), 2)).toThrow(/It is version 2 now\.$/);
  });

  it('takes the version that is there', () => {
    expect(() => checkVersion(demandVersion(undefined, 2), 2)).not.toThrow();
    expect(() => checkVersion(demandVersion(parseIfMatch('*'), undefined), 2)).not.toThrow();
  });
});
