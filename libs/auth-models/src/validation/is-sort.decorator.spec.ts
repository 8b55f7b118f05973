import { validateSync } from 'class-validator';
import { IsSort, parseSort } from './is-sort.decorator.js';

const FIELDS = ['name', 'creationTime'] as const;

describe('parseSort', () => {
  it('reads one field', () => {
    expect(parseSort('name', FIELDS)).toEqual([{ field: 'name', isDescending: false }]);
  });

  it('keeps the order of several', () => {
    expect(parseSort('-creationTime,name', FIELDS)).toEqual([
      { field: 'creationTime', isDescending: true },
      { field: 'name', isDescending: false },
    ]);
  });

  it.each([
    '',
    ',',
    '-',
    'name,',
    '--name',
    '+name',
    ' name',
    'Name',
    'password',
    'name;drop table users',
    'constructor',
    '__proto__',
    'length',
  ])('refuses %j', (text) => {
    expect(parseSort(text, FIELDS)).toBeNull();
  });

  it.each(['name,name', 'name,-name'])('refuses %j, which names a field twice', (text) => {
    expect(parseSort(text, FIELDS)).toBeNull();
  });

  it('refuses more fields than a list is sorted by', () => {
    const fields = ['a', 'b', 'c', 'd'];

    expect(parseSort('a,b,c', fields)).toHaveLength(3);
    expect(parseSort('a,b,c,d', fields)).toBeNull();
  });
});

describe('IsSort', () => {
  class Query {
    @IsSort(FIELDS)
    sort: unknown;
  }
  const check = (sort: unknown) => validateSync(Object.assign(new Query(), { sort }));

  it('accepts what parseSort reads', () => {
    expect(check('name,-creationTime')).toEqual([]);
  });

  it('names the fields that are allowed when it refuses', () => {
    expect(check('password')[0]?.constraints?.isSort).toContain('name, creationTime');
  });

  it.each([undefined, 1, ['name'], { name: 1 }])('refuses %p, which is no text', (sort) => {
    expect(check(sort)).toHaveLength(1);
  });
});
