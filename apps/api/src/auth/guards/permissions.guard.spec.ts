import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type DiscoveryService, MetadataScanner } from '@nestjs/core';
import { FakeCall, principalWith } from '../../../../../test/support/unit/fake-call.js';
import {
  AllowEnrolment,
  AllowSuperseded,
  Counted,
  Public,
  RequireFresh,
  RequireOperator,
  RequireOwnAccount,
  RequirePermissions,
  Uncounted,
} from '../../common/request/policy.js';
import { type Principal } from '../../common/request/principal.js';
import { ApplicationError } from '../../common/application-error.js';
import { type Config } from '../../platform/config/config.js';
import { type WriteLimit } from '../../throttle/write-limit.service.js';
import { type PermissionRegistry } from '../../permissions/permission-registry.service.js';
import { type TokenAccess } from '../../tokens/access/token-access.service.js';
import { type LastUses } from '../../tokens/usage/last-uses.service.js';
import { PermissionsGuard, RegisteredPermissions } from './permissions.guard.js';

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

  @Uncounted()
  @RequirePermissions()
  uncounted() {}

  @Counted()
  @RequirePermissions()
  counted() {}

  @RequireOperator()
  operate() {}

  @RequireOwnAccount()
  ownAccount() {}

  @RequireFresh()
  @RequirePermissions()
  fresh() {}

  @AllowEnrolment()
  @RequirePermissions()
  enrol() {}
}

const NOW = 1_000_000_000;
const count = jest.fn<WriteLimit['count']>();
const limit = jest.fn<WriteLimit['limit']>();
const withFamily = jest.fn<TokenAccess['withFamily']>();
const noteDemands = jest.fn<LastUses['noteDemands']>();
const guard = new PermissionsGuard(
  { count, limit } as unknown as WriteLimit,
  { withFamily } as unknown as TokenAccess,
  { noteDemands } as unknown as LastUses,
  { freshSeconds: 300 } as Config,
  { now: () => NOW },
);
const call = (method: string, user?: Principal) => new FakeCall(Routes, method, { user });
const holding = (...permissions: string[]) => principalWith({ permissions: new Set(permissions) });
const superseded = principalWith({
  token: { id: 'token-1', expirationTime: null, expiryHeader: null, isSuperseded: true, scope: null },
});

const rejectionOf = (method: string, user?: Principal) => () => guard.canActivate(call(method, user).context);

beforeEach(() => {
  jest.resetAllMocks();
});

describe('PermissionsGuard', () => {
  it('accepts an unauthenticated client on a public route', () => {
    expect(guard.canActivate(call('open').context)).toBe(true);
  });

  it('rejects every caller on a route without a policy', () => {
    expect(rejectionOf('unmarked', holding('users:read', 'users:write'))).toThrow(
      expect.objectContaining({ code: 'forbidden', message: expect.stringContaining('no policy') }),
    );
  });

  it.each(['token', 'basic', 'session-cookie'] as const)(
    'rejects a caller who was authenticated by %s on a route of the command line',
    (scheme) => {
      const caller = principalWith({ scheme, roles: ['admin'], permissions: new Set(['users:write']) });

      expect(rejectionOf('operate', caller)).toThrow(
        expect.objectContaining({ code: 'forbidden', message: 'Only the command line can use this route.' }),
      );
    },
  );

  it('accepts the command line on its routes', () => {
    expect(guard.canActivate(call('operate', principalWith({ scheme: 'command-line' })).context)).toBe(true);
  });

  it('rejects the command line on a route about the account of the caller, and accepts users', () => {
    expect(rejectionOf('ownAccount', principalWith({ scheme: 'command-line' }))).toThrow(
      expect.objectContaining({
        code: 'forbidden',
        message: 'The command line has no account and no token.',
      }),
    );
    expect(guard.canActivate(call('ownAccount', holding()).context)).toBe(true);
  });

  it.each([
    ['the caller is not authenticated', undefined, 'users:read, tokens:read'],
    ['the caller holds none', holding(), 'users:read, tokens:read'],
    ['the caller holds one of two', holding('users:read'), 'tokens:read'],
    ['the caller holds others', holding('users:write', 'tokens:read'), 'users:read'],
  ])('rejects with the missing permissions when %s', (_, user, missing) => {
    expect(rejectionOf('both', user)).toThrow(
      expect.objectContaining({ code: 'forbidden', message: `This requires ${missing}.` }),
    );
  });

  it('accepts a caller with all permissions, and stores the required ones', () => {
    const allowed = call('both', holding('users:read', 'tokens:read', 'users:write'));

    expect(guard.canActivate(allowed.context)).toBe(true);
    expect(allowed.principal).toMatchObject({
      name: 'anne',
      requiredPermissions: ['users:read', 'tokens:read'],
    });
  });

  it('records which permissions a token was used for, and accepts callers without a token', () => {
    const permissions = new Set(['users:read', 'tokens:read']);
    const caller = { ...superseded, permissions };

    void guard.canActivate(new FakeCall(Routes, 'both', { method: 'GET', user: caller }).context);
    void guard.canActivate(call('both', principalWith({ token: undefined, permissions })).context);

    expect(noteDemands.mock.calls).toEqual([[caller.token, ['users:read', 'tokens:read']]]);
  });

  it('rejects an unauthenticated client on a route for all users', () => {
    expect(rejectionOf('anybody')).toThrow(expect.objectContaining({ code: 'forbidden' }));
  });

  it('accepts every user where no permission is required, without changes', () => {
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

    it('requires the permissions of the route, and accepts callers without a token', () => {
      expect(() => canCall('both', 'GET')).toThrow(expect.objectContaining({ code: 'forbidden' }));
      expect(canCall('anybody', 'POST', principalWith({ token: undefined }))).toBe(true);
    });
  });

  describe('with the write limit', () => {
    const callWith = (handler: string, method: string, user?: Principal) =>
      new FakeCall(Routes, handler, { method, user });

    it('counts a write after the permissions were checked', () => {
      const user = holding();

      void guard.canActivate(callWith('anybody', 'POST', user).context);
      expect(() => guard.canActivate(callWith('both', 'POST', user).context)).toThrow();

      expect(count.mock.calls).toEqual([[user, 'POST']]);
    });

    it('rejects a write beyond the limit, with the limit for the headers', () => {
      const rateLimit = { policy: 'writes', limit: 20, remaining: 0, resetSeconds: 60 };
      count.mockImplementation(() => {
        throw new ApplicationError('throttled');
      });
      limit.mockReturnValue(rateLimit);
      const call = callWith('anybody', 'POST', holding());

      expect(() => guard.canActivate(call.context)).toThrow(expect.objectContaining({ code: 'throttled' }));
      expect(call.request.rateLimits?.()).toEqual([rateLimit]);
    });

    it.each([
      ['a read', 'anybody', 'GET', holding()],
      ['an uncounted route', 'uncounted', 'POST', holding()],
      ['a public route', 'open', 'POST', undefined],
    ])('does not count %s', (_, handler, method, user) => {
      void guard.canActivate(callWith(handler, method, user).context);

      expect(count).not.toHaveBeenCalled();
    });

    it.each(['GET', 'HEAD'])('counts %s on a route that costs as much as a write', (method) => {
      const user = holding();

      void guard.canActivate(callWith('counted', method, user).context);

      expect(count.mock.calls).toEqual([[user, method]]);
    });

    it('counts a write of a limited token for its family, and passes the family to services', async () => {
      const limited = principalWith({
        token: { id: 'child', expirationTime: null, expiryHeader: null, isSuperseded: false, scope: '' },
      });
      const member = { ...limited, token: { ...limited.token, familyId: 'root' } } as Principal;
      withFamily.mockResolvedValue(member);
      const call = callWith('anybody', 'POST', limited);

      await expect(guard.canActivate(call.context)).resolves.toBe(true);

      expect(count.mock.calls).toEqual([[member, 'POST']]);
      expect(call.principal).toBe(member);
    });

    it('does not count a repeated authorization', () => {
      guard.authorize(callWith('anybody', 'POST', holding()).context);

      expect(count).not.toHaveBeenCalled();
    });
  });
});

describe('PermissionsGuard on a route that requires a fresh proof', () => {
  const provedAt = (authTime: number) =>
    principalWith({
      token: {
        id: 'token-1',
        expirationTime: null,
        expiryHeader: null,
        isSuperseded: false,
        scope: null,
        session: { authTime, authMethods: ['pwd'], needsSecondFactor: false },
      },
    });

  it('accepts a session up to the limit', () => {
    expect(guard.authorize(call('fresh', provedAt(NOW - 300_000)).context)).toBeDefined();
  });

  it('rejects a session after it, with the maximum age', () => {
    expect(rejectionOf('fresh', provedAt(NOW - 300_001))).toThrow(
      new ApplicationError('step_up_required', {
        headers: {
          'www-authenticate':
            'XAuthToken realm="latchkey", error="insufficient_user_authentication", max_age=300',
        },
      }),
    );
  });

  it('accepts API tokens', () => {
    expect(guard.authorize(call('fresh', principalWith({})).context)).toBeDefined();
  });

  it('accepts old sessions on other routes', () => {
    expect(guard.authorize(call('anybody', provedAt(0)).context)).toBeDefined();
  });
});

describe('PermissionsGuard with a password of a user who must have a second factor', () => {
  const withPassword = principalWith({ scheme: 'basic', authMethods: ['pwd'], needsSecondFactor: true });

  it('accepts it only where a second factor can be added, or a session that can add one', () => {
    expect(rejectionOf('anybody', withPassword)).toThrow(
      expect.objectContaining({ code: 'enrolment_required' }),
    );
    expect(guard.authorize(call('enrol', withPassword).context)).toBeDefined();
  });
});

describe('RegisteredPermissions', () => {
  /** Checks the routes of the controllers at the start, where these permissions are registered. */
  function start(controllers: ((new () => object) | null)[], ...registered: string[]): void {
    const discovery = { getControllers: () => controllers.map((metatype) => ({ metatype })) };
    new RegisteredPermissions(discovery as unknown as DiscoveryService, new MetadataScanner(), {
      has: (name: string) => registered.includes(name),
    } as PermissionRegistry).onApplicationBootstrap();
  }

  it('accepts routes whose permissions are registered, and routes without any', () => {
    expect(() => start([Routes, null], 'users:read', 'tokens:read')).not.toThrow();
  });

  it.each([
    ['users:read', 'tokens:read'],
    ['tokens:read', 'users:read'],
  ])('names the route whose permission is missing when only %s is registered', (registered, missing) => {
    expect(() => start([Routes], registered)).toThrow(
      `Routes.both requires ${missing}, which is not registered. Register it with PermissionsModule.forFeature().`,
    );
  });
});
