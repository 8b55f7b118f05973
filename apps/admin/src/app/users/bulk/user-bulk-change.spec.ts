import type { UserDto } from '@latchkey/auth-models';
import { EN } from '../../core/texts/en';
import { bulkQuestion, changes, inverseOf } from './user-bulk-change';

const user = (name: string, more: Partial<UserDto> = {}): UserDto =>
  ({ name, enabled: true, roles: ['user'], tokenCount: 2, ...more }) as UserDto;

const anna = user('anna');
const ben = user('ben', { enabled: false, tokenCount: 5 });
const cleo = user('cleo', { roles: ['auditor'], tokenCount: 15 });

describe('bulkQuestion', () => {
  it('counts only whom disabling changes, with the tokens that the dry run told', () => {
    const dryRun = { count: 3, tokenCount: 17 };
    const question = bulkQuestion({ action: 'disable' }, dryRun, [anna, ben, cleo], EN, 'dora');

    expect(question?.consequences[0]).toBe('2 users cannot sign in any more, and 17 tokens stop working.');
  });

  it.each([
    ['disable', '100,000 users cannot sign in any more, and 1,234,567 tokens stop working.'],
    ['delete', '100,000 users and 1,234,567 tokens are gone for good.'],
    ['revokeTokens', '1,234,567 tokens of 100,000 users stop working at once.'],
  ] as const)('says before %s how many tokens of all who match it ends', (action, effect) => {
    const question = bulkQuestion({ action }, { count: 100_000, tokenCount: 1_234_567 }, null, EN, 'dora');

    expect(question?.consequences[0]).toContain(effect);
  });

  it('says before a deletion how many tokens of others it revokes', () => {
    const consequences = (descendantCount: number) =>
      bulkQuestion(
        { action: 'delete' },
        { count: 2, tokenCount: 1, descendantCount },
        [anna, ben],
        EN,
        'dora',
      )?.consequences;

    expect(consequences(1)?.[1]).toBe('1 token created with them for other users is revoked, too.');
    expect(consequences(0)).toHaveLength(2);
  });

  it('names users alone where it is not told the tokens', () => {
    const question = bulkQuestion({ action: 'disable' }, { count: 100_000 }, null, EN, 'dora');

    expect(question?.consequences[0]).toContain(
      '100,000 users cannot sign in any more, and all their tokens',
    );
  });

  it('wants the name typed before one is deleted, and the number before many are', () => {
    expect(bulkQuestion({ action: 'delete' }, { count: 1 }, [anna], EN, 'dora')?.typed).toBe('anna');
    expect(bulkQuestion({ action: 'delete' }, { count: 1 }, null, EN, 'dora')?.typed).toBe('1');
    expect(bulkQuestion({ action: 'delete' }, { count: 2000 }, null, EN, 'dora')?.typed).toBe('2000');
  });

  it('asks nobody before what is easily taken back, unless it is wide', () => {
    expect(bulkQuestion({ action: 'enable' }, { count: 2 }, [anna, ben], EN, 'dora')).toBeNull();
    expect(
      bulkQuestion({ action: 'addRole', role: 'auditor' }, { count: 2 }, [anna, ben], EN, 'dora'),
    ).toBeNull();
    expect(bulkQuestion({ action: 'enable' }, { count: 900 }, null, EN, 'dora')).not.toBeNull();
    expect(bulkQuestion({ action: 'revokeTokens' }, { count: 1 }, [anna], EN, 'dora')).not.toBeNull();
  });
});

describe('bulkQuestion about oneself', () => {
  it.each(['disable', 'revokeTokens', 'delete'] as const)('warns before %s signs one out', (action) => {
    const asked = (ownName: string, users: UserDto[] | null) =>
      bulkQuestion({ action }, { count: 2 }, users, EN, ownName)?.consequences;

    expect(asked('anna', [anna, cleo])).toContain('You are among them: you are signed out here, too.');
    expect(asked('dora', [anna, cleo])?.join()).not.toContain('among them');
    expect(asked('dora', null)).toContain('If you are among them, you are signed out here, too.');
  });

  it('asks before one takes a role from oneself, which may be past taking back', () => {
    const act = { action: 'removeRole', role: 'user' } as const;

    expect(bulkQuestion(act, { count: 2 }, [anna, ben], EN, 'dora')).toBeNull();
    expect(bulkQuestion(act, { count: 2 }, [anna, cleo], EN, 'cleo')).toBeNull();
    const question = bulkQuestion(act, { count: 2 }, [anna, ben], EN, 'anna');
    expect(question?.isHarmless).toBe(false);
    expect(question?.consequences.join()).toContain('lose it yourself');
  });
});

describe('changes', () => {
  it.each([
    [{ action: 'enable' }, [ben]],
    [{ action: 'disable' }, [anna, cleo]],
    [{ action: 'addRole', role: 'auditor' }, [anna, ben]],
    [{ action: 'removeRole', role: 'auditor' }, [cleo]],
  ] as const)('%j makes something of those only who are not so yet', (act, changed) => {
    expect([anna, ben, cleo].filter((one) => changes(act, one))).toEqual(changed);
  });
});

describe('inverseOf', () => {
  it('keeps the role', () => {
    expect(inverseOf({ action: 'addRole', role: 'auditor' })).toEqual({
      action: 'removeRole',
      role: 'auditor',
    });
  });

  it('has none for what is gone', () => {
    expect(inverseOf({ action: 'delete' })).toBeNull();
    expect(inverseOf({ action: 'revokeTokens' })).toBeNull();
  });
});
