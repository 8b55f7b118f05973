import type { AuditEventDto } from '@latchkey/auth-models';
import { summaryOf } from './audit-changes';

const words = { more: (count: number) => `and ${count} more` };
const summary = (event: object) =>
  summaryOf(
    { action: 'user_updated', subject: { kind: 'user', name: 'elif' }, ...event } as AuditEventDto,
    words,
  );

describe('summaryOf', () => {
  it('is what an edit made different, and nothing that stayed', () => {
    const before = { roles: ['admin'], description: 'the same' };
    const after = { roles: ['user'], description: 'the same' };

    expect(summary({ before, after })).toEqual([{ member: 'roles', before: 'admin', after: 'user' }]);
  });

  it('is what went and what came where lists are long', () => {
    const before = { permissions: ['a:read', 'b:read', 'c:read', 'd:read'] };
    const after = { permissions: ['a:read', 'b:read', 'c:read', 'e:read'] };

    expect(summary({ before, after })).toEqual([
      { member: 'permissions', before: null, after: '− d:read, + e:read' },
    ]);
  });

  it('is what was done to many, and to whom', () => {
    const users = [
      { id: '1', name: 'hana' },
      { id: '2', name: 'elif' },
    ];
    const many = {
      subject: { kind: 'user', name: 'bulk' },
      before: { users: [{ id: '1', roles: ['admin'] }] },
    };
    const told = (after: object) => summary({ ...many, after: { ...after, users } });

    expect(told({ action: 'removeRole', role: 'admin' })).toEqual([
      { member: 'roles', before: null, after: '− admin' },
      { member: 'users', before: null, after: 'hana, elif' },
    ]);
    expect(told({ action: 'disable' })[0]).toEqual({ member: 'enabled', before: null, after: 'false' });
  });

  it('is the roles that somebody was created with', () => {
    expect(summary({ action: 'user_created', after: { kind: 'human', roles: ['admin'] } })).toEqual([
      { member: 'roles', before: null, after: 'admin' },
    ]);
  });

  it('is nothing where the act says it all', () => {
    expect(summary({ action: 'authn_login_success', after: { tokenId: 't1' } })).toEqual([]);
  });
});
