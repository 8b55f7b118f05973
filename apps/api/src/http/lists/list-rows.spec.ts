import { describe, expect, it } from '@jest/globals';
import { CSV, NDJSON } from './list-rows.js';

const COLUMNS = ['name', 'roles', 'enabled', 'tokenCount', 'email'];

describe('CSV', () => {
  it('starts with the column names', () => {
    expect(CSV.head(COLUMNS)).toBe('name,roles,enabled,tokenCount,email\r\n');
  });

  it('joins arrays by spaces, and leaves absent values empty', () => {
    const row = { name: 'anne', roles: ['admin', 'user'], enabled: true, tokenCount: 0 };

    expect(CSV.rows([row], COLUMNS)).toBe('anne,admin user,true,0,\r\n');
  });

  it('distinguishes empty arrays from absent ones', () => {
    expect(CSV.rows([{ roles: [] }, {}], ['roles'])).toBe('[]\r\n\r\n');
  });

  it('reads nested members, and writes other objects as JSON', () => {
    const rows = [{ actor: { name: 'anne' }, after: { enabled: true } }, { actor: undefined }];

    expect(CSV.rows(rows, ['actor.name', 'after'])).toBe('anne,"{""enabled"":true}"\r\n,\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('escapes the formula %j', (name) => {
    expect(CSV.rows([{ name }], ['name']).replaceAll('"', '')).toBe(`'${name}\r\n`);
  });

  it.each([
    ['a;b', '"a;b"'],
    ['a;=1+1', `"a;'=1+1"`],
    [';-1;b; @x', `";'-1;b;' @x"`],
    ['a;"=1', `"a;'""=1"`],
    ['a;\uFF1D1', `"a;'\uFF1D1"`],
  ])('escapes formulas after a semicolon: %j', (name, cell) => {
    expect(CSV.rows([{ name }], ['name'])).toBe(`${cell}\r\n`);
  });

  it('quotes commas, quotes and line breaks', () => {
    expect(CSV.rows([{ name: 'a,b "c"\nd' }], ['name'])).toBe('"a,b ""c""\nd"\r\n');
  });
});

describe('NDJSON', () => {
  it('writes one value per line and no header', () => {
    expect(NDJSON.head(COLUMNS)).toBe('');
    expect(NDJSON.rows([{ a: '=1\n' }, { b: [1] }], COLUMNS)).toBe('{"a":"=1\\n"}\n{"b":[1]}\n');
  });
});
