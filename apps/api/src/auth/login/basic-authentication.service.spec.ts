import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { CALLER } from '../../../../../test/support/unit/fake-call.js';
import { type AuditRecord, type AuditService } from '../../audit/trail/audit.service.js';
import { type UnknownNames } from '../../audit/counts/unknown-names.service.js';
import { ApplicationError } from '../../common/application-error.js';
import { type RequestOrigin } from '../../common/request/request-origin.js';
import { type Passwords } from '../../platform/crypto/passwords.service.js';
import { type WriteTransaction, type Writes } from '../../platform/database/writes.service.js';
import { type Logger } from '../../platform/logging/logger.js';
import { type SecondFactorCheck } from '../../factors/second-factor-check.service.js';
import { type GrantsReader } from '../../permissions/grants.service.js';
import { type Attempt, ThrottleService } from '../../throttle/throttle.service.js';
import { LoginPasswords, type DummyHashes } from '../../users/passwords/login-passwords.service.js';
import {
  type LoginRecord,
  type UserPasswordsRepository,
} from '../../users/passwords/user-passwords.repository.js';
import { BasicAuthentication } from './basic-authentication.service.js';

const CREDENTIALS = { name: 'anne', givenName: 'Anne', password: 'correct horse' };
const ANNE = {
  id: 'id-anne',
  name: 'anne',
  enabled: true,
  passwordHash: 'hash of anne',
  grants: 'some grants',
  tokensRevokedBefore: 7,
} as LoginRecord;
const ORIGIN = { ...CALLER, agent: 'curl/8.5' };
const TX = {} as WriteTransaction;

let user: LoginRecord | null;
let isMatch: boolean;
let requiresSecondFactor: boolean;
let outcomes: string[];
let recorded: (AuditRecord | RequestOrigin | 'unknown name')[];
let throttle: { rejectIfThrottled: jest.Mock; admit: jest.Mock<ThrottleService['admit']> };
let passwords: {
  rejectIfBusy: jest.Mock;
  verify: jest.Mock<Passwords['verify']>;
  isOutdated: jest.Mock<Passwords['isOutdated']>;
  hash: jest.Mock<Passwords['hash']>;
};
let users: {
  findForLogin: jest.Mock;
  replaceHash: jest.Mock<UserPasswordsRepository['replaceHash']>;
};
let transaction: jest.Mock<
  (work: (tx: WriteTransaction) => Promise<unknown>, affected: string) => Promise<unknown>
>;
let warn: jest.Mock;
let proveAtLogin: jest.Mock<SecondFactorCheck['proveAtLogin']>;
let authentication: BasicAuthentication;

beforeEach(() => {
  user = ANNE;
  isMatch = true;
  requiresSecondFactor = false;
  outcomes = [];
  recorded = [];
  const attempt = {
    confirm: () => Promise.resolve(void outcomes.push('confirm')),
    succeed: () => Promise.resolve(void outcomes.push('succeed')),
    end: () => void outcomes.push('end'),
    fail: async (record: (tx: WriteTransaction) => Promise<void>) => {
      outcomes.push('fail');
      // Asynchronous, like a database.
      await new Promise(setImmediate);
      await record(TX);
    },
  } as unknown as Attempt;
  throttle = Object.assign(Object.create(ThrottleService.prototype) as object, {
    rejectIfThrottled: jest.fn(),
    admit: jest.fn(() => Promise.resolve(attempt)),
  });
  passwords = {
    rejectIfBusy: jest.fn(),
    verify: jest.fn(async (_stored: string | null, _password: string, before?: () => Promise<void>) => {
      await before?.();
      return isMatch;
    }),
    isOutdated: jest.fn(() => false),
    hash: jest.fn(() => Promise.resolve('a stronger hash')),
  };
  users = {
    findForLogin: jest.fn(() => Promise.resolve(user)),
    replaceHash: jest.fn(() => Promise.resolve()),
  };
  transaction = jest.fn((work) => work(TX));
  warn = jest.fn();
  proveAtLogin = jest.fn(() => Promise.resolve(undefined));
  const audit = {
    record: (record: AuditRecord) => Promise.resolve(void recorded.push(record)),
    countUnknownNameFailure: () => Promise.resolve(void recorded.push('unknown name')),
  };
  authentication = new BasicAuthentication(
    throttle as unknown as ThrottleService,
    passwords as unknown as Passwords,
    new LoginPasswords(
      users as unknown as UserPasswordsRepository,
      passwords as unknown as Passwords,
      { of: (name: string) => Promise.resolve(`dummy of ${name}`) } as unknown as DummyHashes,
      { transaction } as unknown as Writes,
      { warn } as unknown as Logger,
    ),
    {
      read: (grants: string) => ({ roles: [grants], permissions: new Set(), requiresSecondFactor }),
    } as unknown as GrantsReader,
    audit as unknown as AuditService,
    { record: (origin) => void recorded.push(origin) } as UnknownNames,
    { proveAtLogin } as unknown as SecondFactorCheck,
  );
});

const logIn = (changes: Partial<{ name: string | null; givenName: string }> = {}) =>
  authentication.authenticate({ ...CREDENTIALS, ...changes }, ORIGIN);

describe('BasicAuthentication with a valid name and password', () => {
  it('returns the principal', async () => {
    await expect(logIn()).resolves.toEqual({
      id: 'id-anne',
      name: 'anne',
      scheme: 'basic',
      roles: ['some grants'],
      permissions: new Set(),
      tokensRevokedBefore: 7,
      authMethods: ['pwd'],
      needsSecondFactor: false,
      origin: ORIGIN,
    });
    expect(passwords.verify.mock.calls[0]?.slice(0, 2)).toEqual(['hash of anne', 'correct horse']);
  });

  it.each([
    ['needs a second factor and has none', undefined, true],
    ['has proved one', 'otp', false],
  ] as const)('states whether a user who %s can only add one', async (_, proved, needsSecondFactor) => {
    requiresSecondFactor = true;
    proveAtLogin.mockResolvedValue(proved);

    await expect(logIn()).resolves.toMatchObject({ needsSecondFactor });
  });

  it('records a success, after the attempt was confirmed', async () => {
    await logIn();

    expect(outcomes).toEqual(['confirm', 'succeed', 'end']);
    expect(recorded).toEqual([]);
  });
});

describe('BasicAuthentication with invalid credentials', () => {
  it.each([
    ['the password is wrong', () => void (isMatch = false)],
    ['the user is disabled', () => void (user = { ...ANNE, enabled: false })],
    [
      'no user has the name',
      () => {
        user = null;
        isMatch = false;
      },
    ],
  ])('throws the same error and verifies one hash when %s', async (_, arrange) => {
    arrange();

    const rejection: unknown = await logIn().catch((error: unknown) => error);

    expect(rejection).toEqual(new ApplicationError('unauthenticated'));
    // Clients get none of these members.
    const members = Object.keys((rejection as ApplicationError).options);
    expect(['accountName', 'matched', 'rejectionCause']).toEqual(expect.arrayContaining(members));
    expect(passwords.verify).toHaveBeenCalledTimes(1);
    expect(outcomes).toEqual(['confirm', 'fail', 'end']);
  });

  it.each([
    ['wrong_password', ANNE, false],
    ['no_password', { ...ANNE, passwordHash: null }, false],
    ['user_disabled', { ...ANNE, enabled: false }, false],
    ['user_disabled', { ...ANNE, enabled: false }, true],
    ['user_disabled', { ...ANNE, enabled: false, passwordHash: null }, false],
  ])('records %s of an existing user', async (reason, record, hasRightPassword) => {
    user = record;
    isMatch = hasRightPassword;

    await logIn().catch(() => undefined);

    expect(recorded).toEqual([
      {
        action: 'authn_login_fail',
        outcome: 'failure',
        subject: { kind: 'user', id: 'id-anne', name: 'anne' },
        origin: ORIGIN,
        after: { reason, userAgent: 'curl/8.5' },
      },
    ]);
  });

  it.each([
    ['wrong_password', ANNE, false, 'anne'],
    ['user_disabled', { ...ANNE, enabled: false }, true, 'anne'],
    ['wrong_password', null, false, undefined],
  ])('explains it as %s to those who may know', async (rejectionCause, record, isRight, accountName) => {
    user = record;
    isMatch = isRight;

    const { options } = (await logIn().catch((error: unknown) => error)) as ApplicationError;

    expect(options).toEqual({ rejectionCause, ...(accountName !== undefined && { accountName }) });
  });

  it('counts the failure when no user has the name', async () => {
    user = null;

    await logIn().catch(() => undefined);

    expect(recorded).toEqual([ORIGIN, 'unknown name']);
  });

  it('verifies one hash for an invalid name, without reading users', async () => {
    await expect(logIn({ name: null, givenName: 'no body' })).rejects.toMatchObject({
      code: 'unauthenticated',
    });

    expect(users.findForLogin).not.toHaveBeenCalled();
    expect(passwords.verify.mock.calls[0]?.[0]).toBeNull();
    expect(throttle.admit).toHaveBeenCalledWith('192.0.2.7', 'no body', 'curl/8.5');
  });
});

describe('BasicAuthentication and the throttle', () => {
  it('admits the attempt by the canonical name before it reads users', async () => {
    throttle.rejectIfThrottled.mockImplementation(() => {
      throw new ApplicationError('throttled');
    });

    await expect(logIn()).rejects.toMatchObject({ code: 'throttled' });

    expect(throttle.rejectIfThrottled).toHaveBeenCalledWith('192.0.2.7', 'anne', 'curl/8.5');
    expect(throttle.admit).not.toHaveBeenCalled();
    expect(users.findForLogin).not.toHaveBeenCalled();
  });

  it('counts no attempt when the hash queue is full', async () => {
    passwords.rejectIfBusy.mockImplementation(() => {
      throw new ApplicationError('overloaded');
    });

    await expect(logIn()).rejects.toMatchObject({ code: 'overloaded' });

    expect(throttle.admit).not.toHaveBeenCalled();
  });

  it.each([
    [
      'the read of the user',
      () => users.findForLogin.mockImplementation(() => Promise.reject(new Error('away'))),
    ],
    ['the verification', () => passwords.verify.mockRejectedValue(new Error('away'))],
  ])('ends the attempt without an outcome when %s fails', async (_, arrange) => {
    arrange();

    await expect(logIn()).rejects.toThrow('away');

    expect(outcomes).toEqual(['end']);
    expect(recorded).toEqual([]);
  });
});

describe('BasicAuthentication with an outdated hash', () => {
  beforeEach(() => {
    passwords.isOutdated.mockReturnValue(true);
  });

  it('replaces the hash', async () => {
    await logIn();

    expect(passwords.isOutdated).toHaveBeenCalledWith('hash of anne');
    expect(passwords.hash).toHaveBeenCalledWith('correct horse');
    expect(users.replaceHash).toHaveBeenCalledWith('id-anne', 'hash of anne', 'a stronger hash', TX);
    expect(transaction).toHaveBeenCalledWith(expect.anything(), 'none');
  });

  it('logs a failed replacement, and does not fail the login', async () => {
    const err = new ApplicationError('overloaded');
    passwords.hash.mockRejectedValue(err);

    await expect(logIn()).resolves.toMatchObject({ name: 'anne' });

    expect(warn).toHaveBeenCalledWith({ err }, expect.anything());
  });

  it('does not replace the hash after a wrong password', async () => {
    isMatch = false;

    await logIn().catch(() => undefined);

    expect(passwords.hash).not.toHaveBeenCalled();
  });

  it('does not replace a current hash', async () => {
    passwords.isOutdated.mockReturnValue(false);

    await logIn();

    expect(passwords.hash).not.toHaveBeenCalled();
  });
});
