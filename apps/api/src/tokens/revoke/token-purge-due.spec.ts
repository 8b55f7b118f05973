import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ClockCheck } from '../../audit/trail/clock-check.service.js';
import { type WriteTransaction, type Writes } from '../../platform/database/writes.service.js';
import { type Logger } from '../../platform/logging/logger.js';
import { TokenPurge } from './token-purge.service.js';
import { type TokenUsageRepository } from '../usage/token-usage.repository.js';
import { type KeptToken, type TokensRepository } from '../model/tokens.repository.js';

const DAY = 86_400_000;
const MINUTE = 60_000;
const TODAY = 1_000;
const NOW = TODAY * DAY;
const TX = {} as WriteTransaction;

let kept: KeptToken[];
let remove: jest.Mock<TokensRepository['delete']>;
let deleteBefore: jest.Mock<TokenUsageRepository['deleteBefore']>;
let purge: TokenPurge;

beforeEach(() => {
  kept = [];
  remove = jest.fn(() => Promise.resolve());
  deleteBefore = jest.fn(() => Promise.resolve(0));
  purge = new TokenPurge(
    { findKept: () => Promise.resolve(kept), delete: remove } as unknown as TokensRepository,
    { deleteBefore } as unknown as TokenUsageRepository,
    { transaction: (work: (tx: WriteTransaction) => unknown) => work(TX) } as Writes,
    { now: () => NOW },
    { isPlausible: () => Promise.resolve(true) } as ClockCheck,
    {} as Logger,
  );
});

/** Returns a session without expiry, with changes. */
const session = (changes: Partial<KeptToken>): KeptToken => ({
  id: 'token-1',
  kind: 'session',
  hasMadeOthers: false,
  stamp: 1,
  tokensRevokedBefore: 0,
  expirationTime: null,
  idleExpirationTime: null,
  revocationTime: null,
  ...changes,
});

describe('TokenPurge deletes a token', () => {
  it.each<[string, Partial<KeptToken>, boolean]>([
    ['never without an expiry', {}, false],
    ['five minutes after a session expired', { expirationTime: NOW - 5 * MINUTE }, true],
    ['not a millisecond earlier', { expirationTime: NOW - 5 * MINUTE + 1 }, false],
    ['five minutes after the idle expiry of a session', { idleExpirationTime: NOW - 5 * MINUTE }, true],
    ['later for an API token', { kind: 'api', expirationTime: NOW - 5 * MINUTE }, false],
    [
      'later for a session that created tokens',
      { hasMadeOthers: true, expirationTime: NOW - 5 * MINUTE },
      false,
    ],
    ['later for a revoked session', { revocationTime: NOW - 5 * MINUTE }, false],
    [
      'later for a session that was revoked before its expiry',
      { revocationTime: NOW - 6 * MINUTE, expirationTime: NOW - 5 * MINUTE },
      false,
    ],
    ['90 days after its expiry', { kind: 'api', expirationTime: NOW - 90 * DAY }, true],
    ['not a millisecond before that', { kind: 'api', expirationTime: NOW - 90 * DAY + 1 }, false],
    ['90 days after its revocation', { revocationTime: NOW - 90 * DAY }, true],
    [
      '90 days after the revocation of all tokens of its user',
      { stamp: 1, tokensRevokedBefore: NOW - 90 * DAY },
      true,
    ],
  ])('%s', async (_, changes, isDeleted) => {
    kept = [session(changes)];

    expect(await purge.purge()).toBe(isDeleted ? 1 : 0);

    expect(remove.mock.calls).toEqual(isDeleted ? [[['token-1'], TX]] : []);
  });
});

describe('TokenPurge of daily uses', () => {
  it('deletes uses older than 90 days, slice by slice', async () => {
    deleteBefore.mockResolvedValueOnce(500).mockResolvedValueOnce(499);

    await purge.purge();

    expect(deleteBefore.mock.calls).toEqual(Array.from({ length: 2 }, () => [TODAY - 89, 500, TX]));
  });

  it('stops with the current slice when the server stops', async () => {
    deleteBefore.mockImplementation(async () => {
      await purge.beforeApplicationShutdown();
      return 500;
    });

    await purge.purge();

    expect(deleteBefore).toHaveBeenCalledTimes(1);
  });
});
