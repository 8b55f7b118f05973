import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type WriteTransaction, type Writes } from '../../platform/database/writes.service.js';
import { createLogger } from '../../platform/logging/logger.js';
import { ExpiredTokens } from './expired-tokens.service.js';
import { type TokensRepository } from '../model/tokens.repository.js';

const NOW = Date.UTC(2030, 0, 1);
const TX = {} as WriteTransaction;

const expire = jest.fn<TokensRepository['expire']>();
const transaction =
  jest.fn<(work: (tx: WriteTransaction) => Promise<void>, affected: unknown) => Promise<void>>();
let output: string;
let expired: ExpiredTokens;

beforeEach(() => {
  expire.mockReset().mockResolvedValue();
  transaction.mockReset().mockImplementation((work) => work(TX));
  output = '';
  expired = new ExpiredTokens(
    { expire } as unknown as TokensRepository,
    { transaction } as unknown as Writes,
    createLogger('info', { write: (line: string) => void (output += line) }),
  );
});

/** Returns a token that expired just now, with changes. */
const rejected = (change: Partial<Parameters<ExpiredTokens['record']>[0]> = {}) => ({
  id: 'token-1',
  userId: 'user-1',
  expirationTime: NOW,
  idleExpirationTime: null,
  revocationReason: null,
  ...change,
});

const settle = () => new Promise(setImmediate);

describe('ExpiredTokens', () => {
  it.each([
    ['its absolute expiry', { idleExpirationTime: NOW + 1 }, NOW],
    ['its idle expiry', { expirationTime: NOW + 1, idleExpirationTime: NOW - 1 }, NOW - 1],
  ])('records a rejected token with %s, and affects its user', (_, change, end) => {
    expired.record(rejected(change), NOW);

    expect(expire.mock.calls).toEqual([['token-1', end, TX]]);
    expect(transaction).toHaveBeenCalledWith(expect.any(Function), ['user-1']);
  });

  it('records a rejected token once', async () => {
    expired.record(rejected(), NOW);
    expired.record(rejected(), NOW);
    await settle();
    expired.record(rejected({ revocationReason: 'expired' }), NOW);

    expect(transaction).toHaveBeenCalledTimes(1);
  });

  it('does not record it again when the clock is set back', () => {
    expired.record(rejected({ revocationReason: 'expired' }), NOW - 1);

    expect(transaction).not.toHaveBeenCalled();
  });

  it('logs a failed write, and records the token at the next rejection', async () => {
    transaction.mockRejectedValueOnce(new Error('the disk is full'));

    expired.record(rejected(), NOW);
    await settle();
    expired.record(rejected(), NOW);

    expect(output).toContain('the disk is full');
    expect(expire).toHaveBeenCalledTimes(1);
  });
});

describe('ExpiredTokens for a superseded secret after its grace period', () => {
  it.each([
    ['an expiry', NOW + 1],
    ['no expiry', null],
  ])('records nothing if the token has %s', (_, expirationTime) => {
    expired.record(rejected({ expirationTime }), NOW);

    expect(transaction).not.toHaveBeenCalled();
  });
});

describe('ExpiredTokens at shutdown', () => {
  it('waits for pending writes', async () => {
    let end: () => void = () => undefined;
    expire.mockReturnValueOnce(new Promise((resolve) => (end = resolve)));
    expired.record(rejected(), NOW);

    let hasStopped = false;
    const stopping = expired.beforeApplicationShutdown().then(() => (hasStopped = true));
    await settle();
    expect(hasStopped).toBe(false);
    end();

    await stopping;
  });
});
