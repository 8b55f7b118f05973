import { describe, expect, it } from '@jest/globals';
import { type ApplicationError } from '../../common/application-error.js';
import { checkPlainJson, isStorableText } from './check-input.js';

function errorOf(json: string): ApplicationError | undefined {
  try {
    checkPlainJson(JSON.parse(json));
    return undefined;
  } catch (error) {
    return error as ApplicationError;
  }
}

/** Returns JSON with this number of levels. */
const nested = (levels: number) => '{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1);

describe('checkPlainJson', () => {
  it.each(['{}', '{"note":"backup","roles":["user"],"a":{"b":null}}', '{"note":"🐎 \\t ü"}', nested(32)])(
    'takes %s',
    (json) => {
      expect(errorOf(json)).toBeUndefined();
    },
  );

  it.each(['[]', 'null', 'true', '7', '"text"'])('rejects %s, which is no object', (json) => {
    expect(errorOf(json)).toMatchObject({
      code: 'validation_failed',
      options: { errors: [{ pointer: '', code: 'is_object' }] },
    });
  });

  it.each([
    ['{"__proto__":{"isAdmin":true}}', '/__proto__'],
    ['{"constructor":{}}', '/constructor'],
    ['{"a":{"prototype":1}}', '/a/prototype'],
    ['{"a":[{"__proto__":null}]}', '/a/0/__proto__'],
  ])('rejects the inherited member of %s', (json, pointer) => {
    expect(errorOf(json)).toMatchObject({
      code: 'validation_failed',
      options: { errors: [{ pointer, code: 'unknown_member' }] },
    });
  });

  it.each([
    ['{"note":"a\\u0000b"}', '/note'],
    ['{"a":["x","\\ud800"]}', '/a/1'],
    ['{"a/b":{"c~d":"\\udc00x"}}', '/a~1b/c~0d'],
  ])('rejects text that cannot be stored: %s', (json, pointer) => {
    expect(errorOf(json)).toMatchObject({
      code: 'validation_failed',
      options: { errors: [{ pointer, code: 'is_text' }] },
    });
  });

  it.each([nested(33), nested(5_000), `{"a":${'['.repeat(40)}${']'.repeat(40)}}`])(
    'rejects more than 32 levels as malformed',
    (json) => {
      expect(errorOf(json)).toMatchObject({ code: 'malformed_request' });
    },
  );
});

describe('checkPlainJson, with sizes', () => {
  const members = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, 1])));
  const items = (count: number) => JSON.stringify({ a: Array.from({ length: count }, () => 1) });

  it.each([
    ['100 members', members(100)],
    ['a member of 99 items', items(99)],
    ['a name of 128 characters', `{"${'n'.repeat(128)}":1}`],
  ])('accepts %s', (_, json) => {
    expect(errorOf(json)).toBeUndefined();
  });

  it.each([
    ['101 members', members(101), '', 'too_many_values'],
    ['a member of 100 items', items(100), '/a', 'too_many_values'],
    [
      '5,000 members within others',
      `{"a":${members(2_500)},"b":[${members(2_500)}]}`,
      '/a',
      'too_many_values',
    ],
    ['a name of 129 characters', `{"${'n'.repeat(129)}":1}`, '', 'name_too_long'],
  ])('rejects %s', (_, json, pointer, code) => {
    expect(errorOf(json)).toMatchObject({
      code: 'validation_failed',
      options: { errors: [{ pointer, code }] },
    });
  });
});

describe('checkPlainJson, with a shape', () => {
  const shape = {
    members: new Map([
      ['uses', { itemsMax: 300, items: { members: new Map([['id', {}]]) } }],
      ['metadata', { freeMax: 200 }],
    ]),
  };
  const list = <T>(length: number, item: T) => Array.from({ length }, () => item);
  const pointerOf = (body: object) => {
    try {
      checkPlainJson(body, shape);
      return undefined;
    } catch (error) {
      return (error as ApplicationError).options.errors?.[0]?.pointer;
    }
  };

  it.each([
    ['all items with their members', { uses: list(300, { id: 1 }) }],
    ['100 surplus items', { uses: list(400, {}) }],
    ['100 unknown members of items', { uses: list(100, { id: 1, other: 1 }) }],
    ['free JSON', { metadata: { a: list(199, 1) } }],
  ])('accepts %s', (_, body) => {
    expect(pointerOf(body)).toBeUndefined();
  });

  it.each([
    ['101 surplus items', { uses: list(401, {}) }, '/uses'],
    ['101 unknown members of items', { uses: list(101, { id: 1, other: 1 }) }, '/uses/100'],
    ['items of a member that is not a list', { uses: list(1, { id: list(101, 1) }) }, '/uses/0/id'],
    ['too much free JSON', { metadata: { a: list(200, 1) } }, '/metadata/a'],
  ])('rejects %s', (_, body, pointer) => {
    expect(pointerOf(body)).toBe(pointer);
  });
});

describe('isStorableText', () => {
  it.each([
    ['plain', true],
    ['🐎', true],
    ['\u0007', true],
    ['\0', false],
    ['\uD83D', false],
    ['\uDC0E\uD83D', false],
  ])('returns for %j: %s', (text, isStorable) => {
    expect(isStorableText(text)).toBe(isStorable);
  });
});
