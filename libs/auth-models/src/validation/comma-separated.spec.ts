import { validateSync } from 'class-validator';
import { TOKEN_STATES } from '../lists/enums.js';
import { parseSort, parseTokenStates } from '../lists/comma-separated.js';
import { IsSort, IsTokenStates } from './comma-separated.js';

const FIELDS = ['name', 'creationTime'] as const;

describe('parseSort', () => {
  it('parses one field', () => {
    expect(parseSort('name', FIELDS)).toEqual([{ field: 'name', isDescending: false }]);
  });

  it('keeps the order of several fields', () => {
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
  ])('rejects %j', (text) => {
    expect(parseSort(text, FIELDS)).toBeNull();
  });

  it.each(['name,name', 'name,-name'])('rejects %j, which has a field twice', (text) => {
    expect(parseSort(text, FIELDS)).toBeNull();
  });

  it('rejects more than the maximum number of fields', () => {
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

  it('accepts the fields that parseSort accepts', () => {
    expect(check('name,-creationTime')).toEqual([]);
  });

  it('reports the allowed fields', () => {
    expect(check('password')[0]?.constraints?.isSort).toContain('name, creationTime');
  });

  it.each([undefined, 1, ['name'], { name: 1 }])('rejects %p, which is not a string', (sort) => {
    expect(check(sort)).toHaveLength(1);
  });
});

describe('parseTokenStates', () => {
  it.each(['active', 'expired,revoked', TOKEN_STATES.join(',')])('parses %j', (text) => {
    expect(parseTokenStates(text)?.join(',')).toBe(text);
  });

  it.each(['', 'active,', 'Active', 'active,active', `${TOKEN_STATES.join(',')},active`])(
    'rejects %j',
    (text) => {
      expect(parseTokenStates(text)).toBeNull();
    },
  );
});

describe('IsTokenStates', () => {
  class Query {
    @IsTokenStates()
    state: unknown;
  }

  it('reports the states', () => {
    const [error] = validateSync(Object.assign(new Query(), { state: 'live' }));

    expect(error?.constraints?.isTokenStates).toContain('active, expiring');
  });
});
