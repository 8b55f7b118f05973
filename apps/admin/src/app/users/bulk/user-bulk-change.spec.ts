import type { UserDto } from '@latchkey/auth-models';
import { EN } from '../../core/texts/en';
import { bulkQuestion, changes, inverseOf } from './user-bulk-change';

const user = (name: string, more: Partial<UserDto> = {}): UserDto =>
  ({ name, enabled: true, roles: ['user'], tokenCount: 2, ...more }) as UserDto;

const anna = user('anna');
const ben = user('ben', { enabled: false, tokenCount: 5 });
const cleo = user('cleo', { roles: ['auditor'], tokenCount: 15 });

describe('bulkQuestion', () => {
  it('counts only users that disabling changes, with the tokens of the dry run', () => {
    const dryRun = { count: 3, tokenCount: 17 };
    const question = bulkQuestion({ action: 'disable' }, dryRun, [anna, ben, cleo], EN, 'dora');

    expect(question?.consequences[0]).toBe('2 users can no longer sign in, and 17 tokens stop working.');
  });

  it.each([
    ['disable', '100,000 users can no longer sign in, and 1,234,567 tokens stop working.'],
    ['delete', '100,000 users and 1,234,567 tokens are deleted.'],
    ['revokeTokens', '1,234,567 tokens of 100,000 users stop working immediately.'],
  ] as const)('states before %s the number of tokens of all matching users', (action, effect) => {
    const question = bulkQuestion({ action }, { count: 100_000, tokenCount: 1_234_567 }, null, EN, 'dora');

    expect(question?.consequences[0]).toContain(effect);
  });

  it('states before a deletion the number of revoked tokens of other users', () => {
    const consequences = (descendantCount: number) =>
      bulkQuestion(
        { action: 'delete' },
        { count: 2, tokenCount: 1, descendantCount },
        [anna, ben],
        EN,
        'dora',
      )?.consequences;

    expect(consequences(1)?.[1]).toBe('1 token of other users, created with these tokens, is revoked too.');
    expect(consequences(0)).toHaveLength(2);
  });

  it('omits the number of tokens when the dry run does not return it', () => {
    const question = bulkQuestion({ action: 'disable' }, { count: 100_000 }, null, EN, 'dora');

    expect(question?.consequences[0]).toContain('100,000 users can no longer sign in, and all their tokens');
  });

  it('asks to type the name before one user is deleted, and the number before several are', () => {
    expect(bulkQuestion({ action: 'delete' }, { count: 1 }, [anna], EN, 'dora')?.typed).toBe('anna');
    expect(bulkQuestion({ action: 'delete' }, { count: 1 }, null, EN, 'dora')?.typed).toBe('1');
    expect(bulkQuestion({ action: 'delete' }, { count: 2000 }, null, EN, 'dora')?.typed).toBe('2000');
  });

  it('returns null for actions that can be undone, unless they affect unknown users', () => {
    expect(bulkQuestion({ action: 'enable' }, { count: 2 }, [anna, ben], EN, 'dora')).toBeNull();
    expect(
      bulkQuestion({ action: 'addRole', role: 'auditor' }, { count: 2 }, [anna, ben], EN, 'dora'),
    ).toBeNull();
    expect(bulkQuestion({ action: 'enable' }, { count: 900 }, null, EN, 'dora')).not.toBeNull();
    expect(bulkQuestion({ action: 'revokeTokens' }, { count: 1 }, [anna], EN, 'dora')).not.toBeNull();
  });
});

describe('bulkQuestion about the own account', () => {
  it.each(['disable', 'revokeTokens', 'delete'] as const)(
    'warns that %s signs out the own account',
    (action) => {
      const asked = (ownName: string, users: UserDto[] | null) =>
        bulkQuestion({ action }, { count: 2 }, users, EN, ownName)?.consequences;

      expect(asked('anna', [anna, cleo])).toContain('This includes you: you are signed out too.');
      expect(asked('dora', [anna, cleo])?.join()).not.toContain('includes you');
      expect(asked('dora', null)).toContain('If this includes you, you are signed out too.');
    },
  );

  it('warns before a user removes their own role', () => {
    const change = { action: 'removeRole', role: 'user' } as const;

    expect(bulkQuestion(change, { count: 2 }, [anna, ben], EN, 'dora')).toBeNull();
    expect(bulkQuestion(change, { count: 2 }, [anna, cleo], EN, 'cleo')).toBeNull();
    const question = bulkQuestion(change, { count: 2 }, [anna, ben], EN, 'anna');
    expect(question?.isHarmless).toBe(false);
    expect(question?.consequences.join()).toContain('lose the role yourself');
  });
});

describe('changes', () => {
  it.each([
    [{ action: 'enable' }, [ben]],
    [{ action: 'disable' }, [anna, cleo]],
    [{ action: 'addRole', role: 'auditor' }, [anna, ben]],
    [{ action: 'removeRole', role: 'auditor' }, [cleo]],
  ] as const)('is true for %j only where it makes a difference', (change, changed) => {
    expect([anna, ben, cleo].filter((one) => changes(change, one))).toEqual(changed);
  });
});

describe('inverseOf', () => {
  it('keeps the role', () => {
    expect(inverseOf({ action: 'addRole', role: 'auditor' })).toEqual({
      action: 'removeRole',
      role: 'auditor',
    });
  });

  it('returns null for deletions and revocations', () => {
    expect(inverseOf({ action: 'delete' })).toBeNull();
    expect(inverseOf({ action: 'revokeTokens' })).toBeNull();
  });
});
