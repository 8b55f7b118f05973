import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ErrorCode } from '@latchkey/auth-models';
import { CALLER } from '../../../../../test/support/unit/fake-call.js';
import { ApplicationError } from '../../common/application-error.js';
import { createTokenSecret, digestOf } from '../../platform/crypto/secrets.js';
import { type GrantsReader } from '../../identity/permissions/grants.js';
import { type ExpiredTokens } from '../../identity/tokens/cache/expired-tokens.js';
import { type LastUses } from '../../identity/tokens/usage/last-uses.js';
import { type PresentedTokenRecord, type TokenLookUp } from '../../identity/tokens/cache/token-look-up.js';
import {
  type Generation,
  type Holder,
  type VerifiedTokens,
} from '../../identity/tokens/cache/verified-tokens.js';
import { TokenAuthentication } from './token-authentication.js';
import { type Verifications } from './verifications.js';

const NOW = Date.UTC(2030, 0, 1);
const SECRET = createTokenSecret();
const OLD_SECRET = createTokenSecret();
const ANNES: PresentedTokenRecord = {
  id: 'token-1',
  enabled: true,
  expirationTime: NOW + 5_000,
  idleExpirationTime: null,
  endReason: null,
  stampTime: 1,
  previousEndTime: NOW + 1_000,
  permissions: 'users:read tokens:read',
  userId: 'id-anne',
  userName: 'anne',
  userEnabled: true,
  tokensEndedBefore: 0,
  grants: 'some grants',
};

let token: PresentedTokenRecord;
let remembered: Map<string, [Holder, Generation]>;
let note: jest.Mock<LastUses['note']>;
let noteExpired: jest.Mock<ExpiredTokens['note']>;
let countCached: jest.Mock;
let authentication: TokenAuthentication;

beforeEach(() => {
  token = ANNES;
  remembered = new Map();
  note = jest.fn();
  noteExpired = jest.fn();
  countCached = jest.fn();
  const findBy = (secret: string) => (digest: string) =>
    Promise.resolve(digest === digestOf(secret) ? token : null);
  const grants = { roles: ['reader'], permissions: new Set(['users:read', 'roles:read']) };
  authentication = new TokenAuthentication(
    {
      findByDigest: findBy(SECRET),
      findBySupersededDigest: findBy(OLD_SECRET),
    } as unknown as TokenLookUp,
    {
      generation: 3,
      find: (digest: string) => remembered.get(digest)?.[0],
      store: (digest: string, holder: Holder, generation: Generation) =>
        void remembered.set(digest, [holder, generation]),
    } as unknown as VerifiedTokens,
    { read: (text: string) => (text === 'some grants' ? grants : undefined) } as unknown as GrantsReader,
    { note } as unknown as LastUses,
    { note: noteExpired } as unknown as ExpiredTokens,
    { now: () => NOW },
    { countLookUp: (look: () => Promise<Holder>) => look(), countCached } as unknown as Verifications,
  );
});

const authenticate = (secret = SECRET, name?: string) =>
  authentication.authenticate({ secret, name }, CALLER);

/** With all that it says: errors are equal when their messages are. */
const refusalOf = (secret: string, name?: string): Promise<unknown> =>
  authenticate(secret, name).catch((error: unknown) => error);

describe('authenticate', () => {
  it('tells who holds the token, and what is left of their permissions by its limit', async () => {
    await expect(authenticate()).resolves.toEqual({
      id: 'id-anne',
      name: 'anne',
      scheme: 'token',
      roles: ['reader'],
      permissions: new Set(['users:read']),
      token: {
        id: 'token-1',
        endTime: NOW + 5_000,
        end: '2030-01-01T00:00:05.000Z',
        isSuperseded: false,
        limit: 'users:read tokens:read',
      },
      origin: CALLER,
    });
  });

  it('tells no end of a token that has none', async () => {
    token = { ...ANNES, expirationTime: null };

    await expect(authenticate()).resolves.toMatchObject({ token: { endTime: null, end: null } });
  });

  it('takes a secret that was rotated away until its grace period is over', async () => {
    await expect(authenticate(OLD_SECRET)).resolves.toMatchObject({
      token: { id: 'token-1', endTime: NOW + 1_000, isSuperseded: true },
    });
  });

  it('says that the grace period is over, to whoever has the old secret', async () => {
    token = { ...ANNES, previousEndTime: NOW };

    await expect(authenticate(OLD_SECRET)).rejects.toMatchObject({
      code: 'token_expired',
      options: { detail: expect.stringContaining('grace period') },
    });
  });

  it.each<[string, Partial<PresentedTokenRecord>, string, ErrorCode]>([
    ['expired', { expirationTime: NOW }, SECRET, 'token_expired'],
    ['revoked', { endReason: 'revoked' }, SECRET, 'token_revoked'],
    ['revoked and presented by its old secret', { endReason: 'revoked' }, OLD_SECRET, 'token_revoked'],
    ['a disabled user’s', { userEnabled: false }, SECRET, 'user_disabled'],
  ])('refuses a token that is %s with that reason alone', async (_, change, secret, code) => {
    token = { ...ANNES, ...change };

    expect(await refusalOf(secret)).toEqual(new ApplicationError(code));
    expect(note).not.toHaveBeenCalled();
    expect(noteExpired.mock.calls).toEqual(code === 'token_expired' ? [[token, NOW]] : []);
  });

  it('refuses an unknown secret without a reason', async () => {
    expect(await refusalOf(createTokenSecret())).toEqual(new ApplicationError('unauthenticated'));
  });

  it('refuses a right secret with another’s name as if it were unknown', async () => {
    expect(await refusalOf(SECRET, 'bert')).toEqual(new ApplicationError('unauthenticated'));
    await expect(authenticate(SECRET, 'anne')).resolves.toMatchObject({ name: 'anne' });
  });

  it('notes a use, of an old secret by its digest', async () => {
    await authenticate();
    await authenticate(OLD_SECRET);

    expect(note.mock.calls).toEqual([
      ['token-1', CALLER, undefined],
      ['token-1', CALLER, digestOf(OLD_SECRET)],
    ]);
  });

  it('says by which scheme, if that is another', async () => {
    const principal = await authentication.authenticate({ secret: SECRET }, CALLER, {
      scheme: 'session-cookie',
    });

    expect(principal.scheme).toBe('session-cookie');
  });
});

describe('fromCache', () => {
  it('knows nothing of what was never verified', () => {
    expect(authentication.fromCache('text', CALLER)).toBeUndefined();

    expect(countCached).not.toHaveBeenCalled();
  });

  it('tells the same of a text that was verified, and notes another use', async () => {
    const verified = await authentication.authenticate({ secret: OLD_SECRET }, CALLER, { presented: 'text' });

    expect(authentication.fromCache('text', CALLER)).toEqual(verified);

    expect(note.mock.calls[1]).toEqual(['token-1', CALLER, digestOf(OLD_SECRET)]);
    expect(countCached).toHaveBeenCalledTimes(1);
  });

  it('goes by the digest of the text, and by what was known before the look-up', async () => {
    await authentication.authenticate({ secret: SECRET }, CALLER, { presented: 'text' });

    expect([...remembered].map(([digest, [, generation]]) => [digest, generation])).toEqual([
      [digestOf('text'), 3],
    ]);
  });

  it('remembers nothing that came without a text', async () => {
    await authenticate();

    expect(remembered.size).toBe(0);
  });
});

describe('confirm', () => {
  it('looks the token up again, which is no use of it', async () => {
    await expect(authentication.confirm({ secret: SECRET }, CALLER)).resolves.toMatchObject({
      name: 'anne',
      scheme: 'token',
    });

    expect(note).not.toHaveBeenCalled();
  });

  it('refuses what has ended meanwhile', async () => {
    token = { ...ANNES, endReason: 'revoked' };

    await expect(authentication.confirm({ secret: SECRET }, CALLER)).rejects.toMatchObject({
      code: 'token_revoked',
    });
  });
});
