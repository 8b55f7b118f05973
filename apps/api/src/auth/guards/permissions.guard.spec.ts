import { describe, expect, it } from '@jest/globals';
import { FakeCall, principalWith } from '../../../../../test/support/unit/fake-call.js';
import { AllowSuperseded, Public, RequirePermissions } from '../../common/request/policy.js';
import { type Principal } from '../../common/request/principal.js';
import { PermissionsGuard } from './permissions.guard.js';

class Routes {
  unmarked() {}

  @Public()
  open() {}

  @RequirePermissions()
  anybody() {}

  @RequirePermissions('users:read', 'tokens:read')
  both() {}

  @AllowSuperseded()
  @RequirePermissions()
  revoke() {}
}

const guard = new PermissionsGuard();
const call = (method: string, user?: Principal) => new FakeCall(Routes, method, { user });
const holding = (...permissions: string[]) => principalWith({ permissions: new Set(permissions) });
const superseded = principalWith({
  token: { id: 'token-1', endTime: null, end: null, isSuperseded: true, limit: null },
});

const refusalOf = (method: string, user?: Principal) => () => guard.canActivate(call(method, user).context);

describe('PermissionsGuard', () => {
  it('lets a stranger in where the route is public', () => {
    expect(guard.canActivate(call('open').context)).toBe(true);
  });

  it('closes a route without a policy to whoever holds everything', () => {
    expect(refusalOf('unmarked', holding('users:read', 'users:write'))).toThrow(
      expect.objectContaining({ code: 'forbidden', message: expect.stringContaining('no policy') }),
    );
  });

  it.each([
    ['nobody is known', undefined, 'users:read, tokens:read'],
    ['nothing is held', holding(), 'users:read, tokens:read'],
    ['one of two is held', holding('users:read'), 'tokens:read'],
    ['something else is held', holding('users:write', 'tokens:read'), 'users:read'],
  ])('refuses, and names what is missing, when %s', (_, user, missing) => {
    expect(refusalOf('both', user)).toThrow(
      expect.objectContaining({ code: 'forbidden', message: `This needs ${missing}.` }),
    );
  });

  it('lets whoever holds all of them in, and notes what was demanded', () => {
    const allowed = call('both', holding('users:read', 'tokens:read', 'users:write'));

    expect(guard.canActivate(allowed.context)).toBe(true);
    expect(allowed.principal).toMatchObject({ name: 'anne', demanded: ['users:read', 'tokens:read'] });
  });

  it('refuses a stranger where anybody may come', () => {
    expect(refusalOf('anybody')).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  it('lets anybody in where nothing is demanded, and leaves them as they are', () => {
    const user = holding();
    const allowed = call('anybody', user);

    expect(guard.canActivate(allowed.context)).toBe(true);
    expect(allowed.principal).toBe(user);
  });

  describe('with a superseded secret', () => {
    const canCall = (handler: string, method: string, user = superseded) =>
      guard.canActivate(new FakeCall(Routes, handler, { method, user }).context);

    it.each(['GET', 'HEAD'])('allows %s', (method) => {
      expect(canCall('anybody', method)).toBe(true);
    });

    it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('rejects %s unless the route allows it', (method) => {
      expect(() => canCall('anybody', method)).toThrow(expect.objectContaining({ code: 'token_superseded' }));
      expect(canCall('revoke', method)).toBe(true);
    });

    it('opens no public or other routes, and rejects no caller without a token', () => {
      expect(() => canCall('both', 'GET')).toThrow(expect.objectContaining({ code: 'forbidden' }));
      expect(canCall('anybody', 'POST', principalWith({ token: undefined }))).toBe(true);
    });
  });
});
