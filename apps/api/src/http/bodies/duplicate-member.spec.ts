import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../../../../test/support/unit/property-testing.js';
import { findDuplicateMember } from './duplicate-member.js';

describe('findDuplicateMember', () => {
  it.each([
    ['{"a":1,"a":1}', '/a'],
    ['{"a":1,"b":{"c":"}","d":[1,{"e":2,"e":3}]}}', '/b/d/1/e'],
    ['{"a":[{"b":1},{"b":2,"b":3}]}', '/a/1/b'],
    ['{"permissions":[],"permissi\\u006fns":["users:read"]}', '/permissions'],
    ['{"a/b":1,"c":":","a/b":2}', '/a~1b'],
    ['{"":0,"":0}', '/'],
  ])('returns the duplicate member of %s', (json, pointer) => {
    expect(findDuplicateMember(json)).toBe(pointer);
  });

  it.each([
    '{}',
    '[{"a":1},{"a":1}]',
    '{"a":{"a":{"a":"a"}}}',
    '{"a":"a\\":","b":"{\\"a\\":1,\\"a\\":2}","c":"\\\\"}',
    '{"a":"x","b":"x","c":["x","x"]}',
  ])('returns undefined for %s', (json) => {
    expect(findDuplicateMember(json)).toBeUndefined();
  });

  it('returns undefined for all serialized values', () => {
    fc.assert(
      fc.property(fc.json(), (json) => findDuplicateMember(json) === undefined),
      runs(200),
    );
  });
});
