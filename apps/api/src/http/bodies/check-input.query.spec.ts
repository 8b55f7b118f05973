import { describe, expect, it } from '@jest/globals';
import { type ApplicationError } from '../../common/application-error.js';
import { checkQuery } from './check-input.js';

function pointersOf(url: string): string[] {
  try {
    checkQuery(url);
    return [];
  } catch (error) {
    const { code, options } = error as ApplicationError;
    return [code, ...(options.errors ?? []).map(({ pointer }) => pointer)];
  }
}

describe('checkQuery', () => {
  it.each(['/users', '/users?', '/users?q', '/users?q=%C3%A4+ä&&=', '/users?q=%F0%9F%90%8E&size=1', '/%ff'])(
    'takes %s',
    (url) => {
      expect(pointersOf(url)).toEqual([]);
    },
  );

  it.each([
    ['100 parameters', `/users?${'q&'.repeat(99)}q`, []],
    ['101 parameters', `/users?${'q&'.repeat(100)}q`, ['invalid_parameter']],
    ['a name of 128 characters', `/users?${'n'.repeat(128)}=1`, []],
    ['a name of 129 characters', `/users?${'n'.repeat(129)}=1`, ['invalid_parameter']],
    ['a long name that is not UTF-8', `/users?${"'".repeat(5_000)}%ff=1`, ['invalid_parameter']],
  ])('limits queries to 100 parameters with short names: %s', (_, url, pointers) => {
    expect(pointersOf(url)).toEqual(pointers);
  });

  it.each([
    ['/users?q=%ff', ['/q']],
    ['/users?q=%C3', ['/q']],
    ['/users?q=%c0%af', ['/q']],
    ['/users?q=%ed%a0%80', ['/q']],
    ['/users?q=%', ['/q']],
    ['/users?q=%zz', ['/q']],
    ['/users?%71=%ff', ['/q']],
    ['/users?%ff=1', ['/%ff']],
    ['/users?%', ['/%']],
    ['/users?a~/=%ff', ['/a~0~1']],
    ['/users?page=1&q=%ff&sort=?%ff', ['/q', '/sort']],
  ])('rejects %s with pointers', (url, pointers) => {
    expect(pointersOf(url)).toEqual(['invalid_parameter', ...pointers]);
  });
});
