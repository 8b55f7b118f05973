import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ErrorCode } from '@latchkey/auth-models';
import { CALLER } from '../../../../../test/support/unit/fake-call.js';
import { ApplicationError } from '../../common/application-error.js';
import { createTokenSecret, digestOf } from '../../platform/crypto/secrets.js';
import { type GrantsReader } from '../../permissions/grants.service.js';
import { type ExpiredTokens } from '../../tokens/cache/expired-tokens.service.js';
import { type CanaryAlarms } from '../../tokens/usage/canary-alarms.service.js';
import { type LastUses } from '../../tokens/usage/last-uses.service.js';
import { type TokenLimits } from '../../tokens/usage/token-limits.service.js';
import {
  type PresentedTokenRecord,
  type PresentedTokenReader,
} from '../../tokens/cache/presented-token-reader.service.js';
import {
  type Generation,
  type Holder,
  type VerifiedTokens,
} from '../../tokens/cache/verified-tokens.service.js';
import { StoredTokens } from './stored-tokens.service.js';
import { TokenAuthentication } from './token-authentication.service.js';
import { type Metrics } from '../../platform/metrics/metrics.service.js';

const CLIENT = { certainAddress: '192.0.2.1', isTrustedProxy: false };
const NOW = Date.UTC(2030, 0, 1);
const SECRET = createTokenSecret();
const OLD_SECRET = createTokenSecret();
const ANNES: PresentedTokenRecord = {
  id: 'token-1',
  enabled: true,
  creationTime: NOW - 1_000,
  expirationTime: NOW + 5_000,
  idleExpirationTime: null,
  revocationReason: null,
  stamp: 1,
  previousExpirationTime: NOW + 1_000,
  scope: 'users:read tokens:read',
  useLimits: null,
  notBefore: null,
  authTime: null,
  authMethods: null,
  userId: 'id-anne',
  userName: 'anne',
  userEnabled: true,
  tokensRevokedBefore: 0,
  grants: 'some grants',
};

let token: PresentedTokenRecord;
let cached: Map<string, [Holder, Generation]>;
let isExact: boolean;
let isSync: boolean;
let note: jest.Mock<LastUses['note']>;
let take: jest.Mock<TokenLimits['take']>;
let takeReserved: jest.Mock<TokenLimits['takeReserved']>;
let takeUnknown: jest.Mock<CanaryAlarms['take']>;
let recordExpired: jest.Mock<ExpiredTokens['record']>;
let results: () => object;
let observe: jest.Mock<(seconds: number) => void>;
let authentication: TokenAuthentication;

beforeEach(() => {
  token = ANNES;
  cached = new Map();
  isExact = true;
  isSync = true;
  note = jest.fn();
  take = jest.fn(() => Promise.resolve());
  takeReserved = jest.fn(() => true);
  takeUnknown = jest.fn();
  recordExpired = jest.fn();
  observe = jest.fn();
  const findBy = (secret: string) => (digest: string) =>
    Promise.resolve(digest === digestOf(secret) ? token : null);
  const grants = { roles: ['reader'], permissions: new Set(['users:read']) };
  authentication = new TokenAuthentication(
    new StoredTokens(
      {
        findByDigest: findBy(SECRET),
        findBySupersededDigest: findBy(OLD_SECRET),
        findSync: (digest: string) => (digest === digestOf(SECRET) ? token : null),
        get isSync() {
          return isSync;
        },
      } as unknown as PresentedTokenReader,
      {
        read: (text: string, scope: string) =>
          text === 'some grants' && scope === ANNES.scope ? grants : undefined,
      } as unknown as GrantsReader,
      { record: recordExpired } as unknown as ExpiredTokens,
      { take: takeUnknown } as unknown as CanaryAlarms,
      { now: () => NOW },
    ),
    {
      generation: 3,
      get isExact() {
        return isExact;
      },
      find: (digest: string) => cached.get(digest)?.[0],
      store: (digest: string, holder: Holder, generation: Generation) =>
        void cached.set(digest, [holder, generation]),
    } as unknown as VerifiedTokens,
    { note } as unknown as LastUses,
    { take, takeReserved } as unknown as TokenLimits,
    {
      counts: (_name: string, _help: string, _label: string, read: () => object) => void (results = read),
      histogram: () => ({ observe }),
    } as unknown as Metrics,
  );
});

const authenticate = (secret = SECRET, name?: string) =>
  authentication.authenticate({ secret, name }, CALLER, CLIENT);

/** Returns the error itself, as `toThrow` compares messages only. */
const rejectionOf = (secret: string, name?: string): Promise<unknown> =>
  authenticate(secret, name).catch((error: unknown) => error);

describe('authenticate', () => {
  it('returns the user with the permissions that the token allows', async () => {
    await expect(authenticate()).resolves.toEqual({
      id: 'id-anne',
      name: 'anne',
      scheme: 'token',
      roles: ['reader'],
      permissions: new Set(['users:read']),
      token: {
        id: 'token-1',
        digest: digestOf(SECRET),
        expirationTime: NOW + 5_000,
        expiryHeader: '2030-01-01T00:00:05.000Z',
        isSuperseded: false,
        creationTime: NOW - 1_000,
        notBefore: null,
        scope: 'users:read tokens:read',
      },
      origin: CALLER,
    });
  });

  it('returns no expiry for a token without one', async () => {
    token = { ...ANNES, expirationTime: null };

    await expect(authenticate()).resolves.toMatchObject({
      token: { expirationTime: null, expiryHeader: null },
    });
  });

  it('accepts a superseded secret during its grace period', async () => {
    await expect(authenticate(OLD_SECRET)).resolves.toMatchObject({
      token: { id: 'token-1', expirationTime: NOW + 1_000, isSuperseded: true },
    });
  });

  it('reports an expired grace period for a superseded secret', async () => {
    token = { ...ANNES, previousExpirationTime: NOW };

    await expect(authenticate(OLD_SECRET)).rejects.toMatchObject({
      code: 'token_expired',
      options: { detail: expect.stringContaining('grace period') },
    });
  });

  it.each<[string, Partial<PresentedTokenRecord>, string, ErrorCode]>([
    ['expired', { expirationTime: NOW }, SECRET, 'token_expired'],
    ['revoked', { revocationReason: 'revoked' }, SECRET, 'token_revoked'],
    ['revoked and presented by its old secret', { revocationReason: 'revoked' }, OLD_SECRET, 'token_revoked'],
    ['a disabled user’s', { userEnabled: false }, SECRET, 'user_disabled'],
  ])('rejects a token that is %s with this reason only', async (_, change, secret, code) => {
    token = { ...ANNES, ...change };

    expect(await rejectionOf(secret)).toEqual(new ApplicationError(code));
    expect(note).not.toHaveBeenCalled();
    expect(recordExpired.mock.calls).toEqual(code === 'token_expired' ? [[token, NOW]] : []);
  });

  it('counts a rejection, and names the token if it was found', async () => {
    take.mockRejectedValue(new ApplicationError('rate_limited', { detail: 'Wait.' }));
    token = { ...ANNES, useLimits: JSON.stringify({ maxUses: 3 }) };

    expect((await rejectionOf(SECRET)) as ApplicationError).toMatchObject({
      code: 'rate_limited',
      options: {
        detail: 'Wait.',
        matched: { userId: 'id-anne', userName: 'anne', tokenId: 'token-1' },
      },
    });
    expect(((await rejectionOf(createTokenSecret())) as ApplicationError).options.matched).toBeUndefined();

    expect(results()).toEqual({ cache: 0, database: 0, rejected: 2 });
    expect(observe).toHaveBeenCalledTimes(2);
    for (const [seconds] of observe.mock.calls) {
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(seconds).toBeLessThan(60);
    }
  });

  it('passes on errors that are not rejections', async () => {
    const failure = new Error('away');
    take.mockRejectedValue(failure);
    token = { ...ANNES, useLimits: JSON.stringify({ maxUses: 3 }) };

    expect(await rejectionOf(SECRET)).toBe(failure);
    expect(results()).toMatchObject({ rejected: 0 });
  });

  it('rejects an unknown secret without a reason', async () => {
    expect(await rejectionOf(createTokenSecret())).toEqual(new ApplicationError('unauthenticated'));
  });

  it('rejects a valid secret with the name of another user like an unknown secret', async () => {
    expect(await rejectionOf(SECRET, 'bert')).toEqual(new ApplicationError('unauthenticated'));
    await expect(authenticate(SECRET, 'anne')).resolves.toMatchObject({ name: 'anne' });
  });

  it('records the use, with the digest of a superseded secret', async () => {
    await authenticate();
    await authenticate(OLD_SECRET);

    expect(note.mock.calls).toEqual([
      ['token-1', CALLER, undefined],
      ['token-1', CALLER, digestOf(OLD_SECRET)],
    ]);
  });

  it('returns the scheme', async () => {
    const principal = await authentication.authenticate({ secret: SECRET }, CALLER, CLIENT, {
      scheme: 'session-cookie',
    });

    expect(principal.scheme).toBe('session-cookie');
  });
});

describe('fromCache', () => {
  it('returns undefined for an unknown text', () => {
    expect(authentication.fromCache('text', CALLER, CLIENT)).toBeUndefined();

    expect(results()).toMatchObject({ cache: 0 });
  });

  it('returns the same principal for a verified text, and records another use', async () => {
    const verified = await authentication.authenticate({ secret: OLD_SECRET }, CALLER, CLIENT, {
      presented: 'text',
    });

    expect(authentication.fromCache('text', CALLER, CLIENT)).toEqual(verified);

    expect(note.mock.calls[1]).toEqual(['token-1', CALLER, digestOf(OLD_SECRET)]);
    expect(results()).toEqual({ cache: 1, database: 1, rejected: 0 });
  });

  it('caches by the digest of the text, with the generation from before the read', async () => {
    await authentication.authenticate({ secret: SECRET }, CALLER, CLIENT, { presented: 'text' });

    expect([...cached].map(([digest, [, generation]]) => [digest, generation])).toEqual([
      [digestOf('text'), 3],
    ]);
  });

  it('caches nothing without a presented text', async () => {
    await authenticate();

    expect(cached.size).toBe(0);
  });
});

describe('findSync', () => {
  const authorization = `Bearer ${SECRET}`;
  const from = (certainAddress: string | undefined, headers: Record<string, string> = { authorization }) => ({
    certainAddress,
    headers,
  });

  it('reads a token that is not cached, and caches it once its use is recorded', () => {
    const found = authentication.findSync('text', from('192.0.2.1'));

    expect(found).toMatchObject({ holder: { name: 'anne' }, reading: { generation: 3 } });
    expect(found?.reading?.seconds).toBeLessThan(1);
    expect([cached.size, note.mock.calls]).toEqual([0, []]);

    authentication.recordUseOf(found!, 'text', CALLER);

    expect([...cached]).toEqual([[digestOf('text'), [found!.holder, 3]]]);
    expect(observe.mock.calls).toEqual([[found!.reading!.seconds]]);
    expect(note.mock.calls).toEqual([['token-1', CALLER, undefined]]);
    expect(results()).toEqual({ cache: 0, database: 1, rejected: 0 });
  });

  it('finds a cached token without a read', async () => {
    await authentication.authenticate({ secret: OLD_SECRET }, CALLER, CLIENT, { presented: 'text' });
    note.mockClear();
    observe.mockClear();

    const found = authentication.findSync('text', from('192.0.2.1', {}));
    authentication.recordUseOf(found!, 'text', CALLER);

    expect(found).toEqual({ holder: cached.get(digestOf('text'))?.[0] });
    expect(observe).not.toHaveBeenCalled();
    expect(note.mock.calls).toEqual([['token-1', CALLER, digestOf(OLD_SECRET)]]);
    expect(results()).toEqual({ cache: 1, database: 1, rejected: 0 });
  });

  it('finds nothing without a synchronous database, or for a token that is not valid', () => {
    expect(authentication.findSync('text', from('192.0.2.1', {}))).toBeUndefined();
    token = { ...ANNES, expirationTime: NOW };
    expect(authentication.findSync('text', from('192.0.2.1'))).toBeUndefined();
    token = ANNES;
    isSync = false;
    expect(authentication.findSync('text', from('192.0.2.1'))).toBeUndefined();
  });

  it.each([
    [{ allowedAddresses: ['192.0.2.0/24'] }, '192.0.2.1', true],
    [{ allowedAddresses: ['192.0.2.0/24'] }, '198.51.100.1', false],
    [{ allowedAddresses: ['192.0.2.0/24'] }, undefined, false],
    [{ maxUses: 3 }, '192.0.2.1', false],
    [{ rateLimit: { uses: 2, seconds: 1 } }, '192.0.2.1', false],
  ])('with the limits %j from %s: %s', (limits, address, isFound) => {
    token = { ...ANNES, useLimits: JSON.stringify(limits) };

    expect(authentication.findSync('text', from(address)) !== undefined).toBe(isFound);
  });
});

describe('use limits', () => {
  const LIMITS = JSON.stringify({ allowedAddresses: ['192.0.2.0/24'], maxUses: 3, metadata: { ä: 1 } });
  const elsewhere = { certainAddress: '198.51.100.1', isTrustedProxy: false };
  const unknown = { certainAddress: undefined, isTrustedProxy: false };

  beforeEach(() => {
    token = { ...ANNES, useLimits: LIMITS };
  });

  it('are checked and taken before the use is recorded', async () => {
    const { token: presented } = await authenticate();

    expect(presented?.useLimits).toMatchObject({ hasMaxUses: true, metadataHeader: '{"\\u00e4":1}' });
    expect(take.mock.calls).toEqual([['token-1', presented?.useLimits]]);
    expect(note).toHaveBeenCalledTimes(1);
  });

  it.each([elsewhere, unknown, { ...unknown, certainAddress: 'unknown' }])(
    'reject other addresses, and take nothing: %j',
    async (client) => {
      await expect(authentication.authenticate({ secret: SECRET }, CALLER, client)).rejects.toMatchObject({
        code: 'address_not_allowed',
        options: { actor: { name: 'anne', token: { id: 'token-1' } } },
      });

      expect([take, note].map(({ mock }) => mock.calls)).toEqual([[], []]);
    },
  );

  it.each([
    [false, /^The token is limited .* add it to LATCHKEY_TRUSTED_PROXIES/],
    [
      true,
      / is a trusted proxy, but sent no valid X-Forwarded-For\. Configure it to send the client's address\.$/,
    ],
  ])('advise on a proxy that does not name its client, trusted: %s', async (isTrustedProxy, detail) => {
    const client = { ...unknown, isTrustedProxy };

    await expect(authentication.authenticate({ secret: SECRET }, CALLER, client)).rejects.toMatchObject({
      options: { rejectionCause: 'address_unknown', detail: expect.stringMatching(detail) },
    });
    await expect(authentication.authenticate({ secret: SECRET }, CALLER, elsewhere)).rejects.toMatchObject({
      options: {
        rejectionCause: 'address_not_allowed',
        detail: expect.stringMatching(/^The token cannot be used from 198\.51\.100\.1\./),
      },
    });
  });

  it('are not cached with a maximum number of uses', async () => {
    await authentication.authenticate({ secret: SECRET }, CALLER, CLIENT, { presented: 'text' });

    expect(cached.size).toBe(0);
  });

  describe('of a cached token', () => {
    beforeEach(async () => {
      token = { ...ANNES, useLimits: JSON.stringify({ allowedAddresses: ['192.0.2.0/24'] }) };
      await authentication.authenticate({ secret: SECRET }, CALLER, CLIENT, { presented: 'text' });
    });

    it('reject other addresses', () => {
      expect(() => authentication.fromCache('text', CALLER, elsewhere)).toThrow(
        expect.objectContaining({
          code: 'address_not_allowed',
          options: expect.objectContaining({ matched: expect.objectContaining({ tokenId: 'token-1' }) }),
        }),
      );
      expect(results()).toMatchObject({ rejected: 1 });
    });

    it('accept the token when a use is reserved', () => {
      expect(authentication.fromCache('text', CALLER, CLIENT)).toMatchObject({ name: 'anne' });
      expect(takeReserved).toHaveBeenCalledTimes(1);
    });

    it('need the database when no use is reserved', () => {
      takeReserved.mockReturnValue(false);

      expect(authentication.fromCache('text', CALLER, CLIENT)).toBeUndefined();
      expect(results()).toMatchObject({ cache: 0 });
    });
  });

  it('reject again in the same request, unless the request used the token up', async () => {
    token = { ...token, revocationReason: 'used_up' };

    await expect(authentication.reauthenticate({ secret: SECRET }, CALLER, CLIENT)).resolves.toMatchObject({
      name: 'anne',
    });
    await expect(authentication.reauthenticate({ secret: SECRET }, CALLER, elsewhere)).rejects.toMatchObject({
      code: 'address_not_allowed',
    });
    expect(take).not.toHaveBeenCalled();
  });
});

describe('reauthenticate', () => {
  it('looks up the token without recording a use', async () => {
    await expect(authentication.reauthenticate({ secret: SECRET }, CALLER, CLIENT)).resolves.toMatchObject({
      name: 'anne',
      scheme: 'token',
    });

    expect(note).not.toHaveBeenCalled();
  });

  it.each([
    ['accepts a cached token', true],
    ['reads a cached token again if replicas can have revoked it', false],
  ])('%s', async (_, isCacheExact) => {
    isExact = isCacheExact;
    await authentication.authenticate({ secret: SECRET }, CALLER, CLIENT, { presented: 'presented' });
    token = { ...ANNES, revocationReason: 'revoked' };

    const again = authentication.reauthenticate({ secret: SECRET }, CALLER, CLIENT, 'presented');

    await (isCacheExact
      ? expect(again).resolves.toMatchObject({ name: 'anne' })
      : expect(again).rejects.toMatchObject({ code: 'token_revoked' }));
  });

  it('rejects a token that was revoked meanwhile', async () => {
    token = { ...ANNES, revocationReason: 'revoked' };

    await expect(authentication.reauthenticate({ secret: SECRET }, CALLER, CLIENT)).rejects.toMatchObject({
      code: 'token_revoked',
    });
  });
});
