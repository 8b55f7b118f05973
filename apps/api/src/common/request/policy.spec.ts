import { describe, expect, it } from '@jest/globals';
import { type ExecutionContext, UseGuards } from '@nestjs/common';
import {
  AllowEnrolment,
  AllowSuperseded,
  Counted,
  ForwardAuth,
  Limited,
  OAuthClients,
  Public,
  readPolicy,
  RequireFresh,
  RequireOperator,
  RequireOwnAccount,
  RequirePermissions,
  routePolicyOf,
  Uncounted,
} from './policy.js';
import { BasicAuthGuard } from '../../auth/guards/basic-auth.guard.js';

class Unmarked {
  nothing() {}

  @Public()
  open() {}

  @RequirePermissions('users:read')
  needing() {}

  @RequirePermissions()
  anybody() {}

  @Public()
  @RequirePermissions('users:read')
  both() {}

  @UseGuards(BasicAuthGuard)
  guarded() {}

  @ForwardAuth()
  gateway() {}

  @OAuthClients()
  oauth() {}

  @Limited()
  limited() {}

  @AllowSuperseded()
  @Uncounted()
  revoke() {}

  @Counted()
  search() {}

  @RequireOwnAccount()
  own() {}

  @RequireFresh()
  sensitive() {}

  @AllowEnrolment()
  enrol() {}
}

@Public()
class Open {
  nothing() {}

  @RequirePermissions('users:read')
  needing() {}

  @RequirePermissions()
  anybody() {}
}

@RequirePermissions('users:read', 'tokens:read')
@UseGuards(BasicAuthGuard)
class Needing {
  nothing() {}

  @Public()
  open() {}
}

@RequireFresh()
@AllowEnrolment()
class Marked {
  @RequirePermissions('users:read')
  needing() {}
}

@RequireOperator()
class Operating {
  nothing() {}

  @RequirePermissions('users:read')
  needing() {}

  @Public()
  open() {}
}

type Handlers = Record<string, () => void>;

const policyOf = (controller: new () => object, method: string) =>
  readPolicy(controller, (controller.prototype as Handlers)[method] ?? {});

describe('readPolicy', () => {
  it.each([
    ['says nothing', Unmarked, 'nothing', false, undefined],
    ['is public', Unmarked, 'open', true, undefined],
    ['needs a permission', Unmarked, 'needing', false, ['users:read']],
    ['needs anybody', Unmarked, 'anybody', false, []],
    ['is public and needs a permission, so it is closed', Unmarked, 'both', false, ['users:read']],
    ['names a guard but no policy, so it is closed', Unmarked, 'guarded', false, undefined],
    ['says nothing in a public class', Open, 'nothing', true, undefined],
    ['needs a permission in a public class', Open, 'needing', false, ['users:read']],
    ['needs anybody in a public class', Open, 'anybody', false, []],
    ['says nothing in a class with permissions', Needing, 'nothing', false, ['users:read', 'tokens:read']],
    ['is public in a class with permissions', Needing, 'open', true, undefined],
  ])('returns the policy of a method that %s', (_, controller, method, isPublic, permissions) => {
    expect(policyOf(controller, method)).toMatchObject({ isPublic, permissions });
  });

  it('returns the guards of class and method', () => {
    expect(policyOf(Needing, 'nothing').guards).toEqual([BasicAuthGuard]);
    expect(policyOf(Unmarked, 'guarded').guards).toEqual([BasicAuthGuard]);
    expect(policyOf(Unmarked, 'nothing').guards).toEqual([]);
  });

  it('returns whether a route is for forward auth', () => {
    expect(policyOf(Unmarked, 'gateway').isForwardAuth).toBe(true);
    expect(policyOf(Unmarked, 'open').isForwardAuth).toBe(false);
  });

  it('returns whether the client authentication of OAuth is accepted', () => {
    expect(policyOf(Unmarked, 'oauth').isForOAuth).toBe(true);
    expect(policyOf(Unmarked, 'open').isForOAuth).toBe(false);
  });

  it('returns whether failed attempts are limited', () => {
    expect(policyOf(Unmarked, 'limited').isLimited).toBe(true);
    expect(policyOf(Unmarked, 'open').isLimited).toBe(false);
  });

  it('returns whether a route is for the command line', () => {
    expect(policyOf(Operating, 'nothing')).toMatchObject({ isForOperator: true, isPublic: false });
    expect(policyOf(Unmarked, 'anybody').isForOperator).toBe(false);
  });

  it('keeps a class for the command line when a method has a policy of its own', () => {
    expect(policyOf(Operating, 'needing')).toMatchObject({
      isForOperator: true,
      permissions: ['users:read'],
    });
    // Closed to everyone, because the two contradict each other.
    expect(policyOf(Operating, 'open')).toMatchObject({
      isForOperator: true,
      isPublic: false,
      permissions: undefined,
    });
  });

  it('allows superseded secrets only where the method states it', () => {
    expect(policyOf(Unmarked, 'revoke').allowsSuperseded).toBe(true);
    expect(policyOf(Unmarked, 'anybody').allowsSuperseded).toBe(false);
  });
});

describe('readPolicy of marked methods', () => {
  it('returns which calls count towards the write limit', () => {
    expect(policyOf(Unmarked, 'revoke')).toMatchObject({ isUncounted: true, isCounted: false });
    expect(policyOf(Unmarked, 'search')).toMatchObject({ isUncounted: false, isCounted: true });
    expect(policyOf(Unmarked, 'anybody')).toMatchObject({ isUncounted: false, isCounted: false });
  });

  it('returns whether a route is about the caller', () => {
    expect(policyOf(Unmarked, 'own')).toMatchObject({ isForOwnAccount: true, permissions: [] });
    expect(policyOf(Unmarked, 'anybody').isForOwnAccount).toBe(false);
  });

  it('returns whether sessions need a fresh proof of who the user is', () => {
    expect(policyOf(Unmarked, 'sensitive')).toMatchObject({ requiresFresh: true, allowsEnrolment: false });
    expect(policyOf(Unmarked, 'anybody').requiresFresh).toBe(false);
  });

  it('returns whether sessions that still need a second factor are allowed', () => {
    expect(policyOf(Unmarked, 'enrol')).toMatchObject({ requiresFresh: false, allowsEnrolment: true });
    expect(policyOf(Unmarked, 'anybody').allowsEnrolment).toBe(false);
  });

  it('keeps both marks of a class when a method has a policy of its own', () => {
    expect(policyOf(Marked, 'needing')).toMatchObject({ requiresFresh: true, allowsEnrolment: true });
  });
});

describe('routePolicyOf', () => {
  it('reads the policy of a route once', () => {
    const context = {
      getClass: () => Unmarked,
      getHandler: () => (Unmarked.prototype as unknown as Handlers)['needing'],
    } as unknown as ExecutionContext;

    expect(routePolicyOf(context)).toMatchObject({ isPublic: false, permissions: ['users:read'] });
    expect(routePolicyOf(context)).toBe(routePolicyOf(context));
  });
});

describe('RequirePermissions', () => {
  it.each(['users', 'users:', ':read', 'Users:read', 'users:read ', '*'])(
    'rejects %j, and names it',
    (permission) => {
      expect(() => RequirePermissions('users:read', permission)).toThrow(
        `"${permission}" is not a permission`,
      );
    },
  );
});
