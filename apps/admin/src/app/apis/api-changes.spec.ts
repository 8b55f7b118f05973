import type { ApiDto } from '@latchkey/auth-models';
import { EN } from '../core/texts/en';
import { changedMembers, toUpdate, usesInWords } from './api-changes';

const permission = (name: string, description = `${name}.`) => ({ name, description });
const api = (...names: string[]): ApiDto => ({
  name: 'orders',
  permissions: names.map((name) => permission(name)),
  isBuiltIn: false,
  tokenCount: 0,
  version: 1,
});
const [read, write, ship] = ['orders:read', 'orders:write', 'orders:ship'] as const;

describe('changedMembers', () => {
  it('has new and reworded permissions, and null for removed ones', () => {
    expect(changedMembers(api(read, write), '', [permission(read, 'See orders.'), permission(ship)])).toEqual(
      {
        [read]: 'See orders.',
        [write]: null,
        [ship]: `${ship}.`,
      },
    );
  });

  it('is empty without changes', () => {
    expect(changedMembers(api(read), '', [permission(read)])).toEqual({});
  });
});

describe('toUpdate', () => {
  it('keeps permissions that another user added meanwhile', () => {
    expect(toUpdate(api(read, write, ship), { [write]: null })).toEqual({
      permissions: [permission(read), permission(ship)],
    });
  });

  it('leaves out permissions that do not change', () => {
    expect(toUpdate(api(read), { description: null })).toEqual({ description: null });
  });
});

describe('usesInWords', () => {
  it('names roles and counts tokens, for five permissions at most', () => {
    const use = (roles: string[], tokenCount: number) => ({
      permission: read,
      roleCount: roles.length,
      roles,
      tokenCount,
    });
    const six = Array.from({ length: 6 }, () => use(['clerk'], 0));

    expect(usesInWords([use(['clerk', 'boss'], 2), use([], 1)], EN).slice(0, 2)).toEqual([
      'orders:read is granted by clerk, boss, and 2 tokens are limited to it.',
      '1 token is limited to orders:read.',
    ]);
    expect(usesInWords(six, EN)).toHaveLength(7);
    expect(usesInWords(six, EN)[5]).toBe('1 other permission is in use too.');
  });
});
