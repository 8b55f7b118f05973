import type { ExplanationDto, MeDto } from '@latchkey/auth-models';
import type { BuiltInPermission, RemedyKind } from '@latchkey/auth-models/lists';
import { remedyAction } from './remedy-action';

const rejection = (kind: RemedyKind, members: Partial<ExplanationDto> = {}): ExplanationDto => ({
  traceId: 'trace',
  time: '2026-11-29T08:00:00Z',
  method: 'GET',
  route: '/me',
  status: 401,
  code: 'token_disabled',
  cause: 'token_disabled',
  address: '127.0.0.1',
  user: 'bot',
  token: { id: 'id', tokenPreview: 'latchkey_…a1B2', state: 'disabled' },
  steps: [],
  remedy: { kind, detail: '' },
  ...members,
});

const me = (name: string, ...permissions: BuiltInPermission[]) => ({ name, permissions }) as unknown as MeDto;

const admin = me('admin', 'tokens:write', 'users:read', 'users:write');

describe('remedyAction', () => {
  it.each<[RemedyKind, string[], Record<string, string> | undefined]>([
    ['enable_token', ['/tokens', 'id'], undefined],
    ['issue_token', ['/tokens', 'new'], { user: 'bot' }],
    ['enable_user', ['/users', 'bot'], undefined],
    ['widen_token', ['/tokens', 'id'], { grant: 'orders:write cook' }],
    ['grant_role', ['/users', 'bot'], { tab: 'access', grant: 'orders:write cook' }],
  ])('leads an administrator to the page for %s', (kind, commands, queryParams) => {
    const missing = { missingPermissions: ['orders:write'], missingRoles: ['cook'] };

    expect(remedyAction(rejection(kind, missing), admin)).toEqual({
      kind: 'page',
      commands,
      ...(queryParams && { queryParams }),
    });
  });

  it('leads the owner to their token', () => {
    expect(remedyAction(rejection('renew_token'), me('bot')).kind).toBe('page');
  });

  it.each<[RemedyKind, BuiltInPermission, string | null]>([
    ['enable_token', 'tokens:write', 'bot'],
    ['issue_token', 'tokens:write', 'bot'],
    ['grant_role', 'users:write', null],
  ])('names those who can %s to a user without permission', (kind, permission, owner) => {
    const action = remedyAction(rejection(kind), me('auditor', 'audit:read'));

    expect(action).toEqual({ kind: 'denied', permission, owner });
  });

  it('links to the page about the error if the client has to change', () => {
    const action = remedyAction(rejection('correct_gateway', { code: 'validation_failed' }), admin);

    expect(action).toEqual({ kind: 'problem', href: '/problems/validation_failed' });
  });

  it('offers nothing for a token that was deleted', () => {
    const action = remedyAction(rejection('use_new_secret', { token: { id: 'id' } }), admin);

    expect(action).toEqual({ kind: 'none' });
  });
});
