import type { AuditEventDto } from '@latchkey/auth-models';
import { summaryOf } from './audit-changes';

const formats = { more: (count: number) => `and ${count} more` };
const summary = (event: object) =>
  summaryOf(
    { action: 'user_updated', subject: { kind: 'user', name: 'elif' }, ...event } as AuditEventDto,
    formats,
  );

describe('summaryOf', () => {
  it('returns only the changed values', () => {
    const before = { roles: ['admin'], description: 'the same' };
    const after = { roles: ['user'], description: 'the same' };

    expect(summary({ before, after })).toEqual([{ member: 'roles', before: 'admin', after: 'user' }]);
  });

  it('returns removed and added items of long lists', () => {
    const before = { permissions: ['a:read', 'b:read', 'c:read', 'd:read'] };
    const after = { permissions: ['a:read', 'b:read', 'c:read', 'e:read'] };

    expect(summary({ before, after })).toEqual([
      { member: 'permissions', before: null, after: '− d:read, + e:read' },
    ]);
  });

  it('returns the effect and targets of a bulk action', () => {
    const users = [
      { id: '1', name: 'hana' },
      { id: '2', name: 'elif' },
    ];
    const many = {
      subject: { kind: 'user', name: 'bulk' },
      before: { users: [{ id: '1', roles: ['admin'] }] },
    };
    const summarize = (after: object) => summary({ ...many, after: { ...after, users } });

    expect(summarize({ action: 'removeRole', role: 'admin' })).toEqual([
      { member: 'roles', before: null, after: '− admin' },
      { member: 'users', before: null, after: 'hana, elif' },
    ]);
    expect(summarize({ action: 'disable' })[0]).toEqual({ member: 'enabled', before: null, after: 'false' });
  });

  it('returns the roles of a new user', () => {
    expect(summary({ action: 'user_created', after: { kind: 'human', roles: ['admin'] } })).toEqual([
      { member: 'roles', before: null, after: 'admin' },
    ]);
  });

  it('returns the reason of a revocation', () => {
    const before = { tokenPreview: 'latchkey_…0000', note: 'ci' };

    expect(
      summary({
        action: 'authn_token_revoked',
        before,
        after: { reason: 'in a build log', descendants: ['1'] },
      }),
    ).toEqual([{ member: 'reason', before: null, after: 'in a build log' }]);
  });

  it('returns reason and user agent of a failed sign-in', () => {
    const after = { reason: 'wrong_password', userAgent: 'curl/8.5' };

    expect(summary({ action: 'authn_login_fail', after })).toEqual([
      { member: 'reason', before: null, after: 'wrong_password' },
      { member: 'userAgent', before: null, after: 'curl/8.5' },
    ]);
    expect(summary({ action: 'authn_login_fail' })).toEqual([]);
  });

  it('returns the tokens that expire soon, and the days that are left', () => {
    const tokens = [{ id: 't1', user: 'anne', tokenPreview: 'latchkey_…0000', note: 'ci' }];

    expect(summary({ action: 'authn_token_expiring', after: { days: 7, tokens } })).toEqual([
      { member: 'days', before: null, after: '7' },
      { member: 'tokens', before: null, after: 'anne (latchkey_…0000)' },
    ]);
  });

  it('is empty when the action says everything', () => {
    expect(summary({ action: 'authn_login_success', after: { tokenId: 't1' } })).toEqual([]);
  });
});
