import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type WriteTransaction, type Writes } from '../../../platform/database/writes.js';
import { createLogger } from '../../../platform/logging/logger.js';
import { ExpiredTokens } from './expired-tokens.js';
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

/** A token that has run out just now, with changes. */
const refused = (change: Partial<Parameters<ExpiredTokens['note']>[0]> = {}) => ({
  id: 'token-1',
  userId: 'user-1',
  expirationTime: NOW,
  idleExpirationTime: null,
  endReason: null,
  ...change,
});

const settle = () => new Promise(setImmediate);

describe('a token that was refused since it had run out', () => {
  it.each([
    ['its absolute end', { idleExpirationTime: NOW + 1 }, NOW],
    ['its idle end', { expirationTime: NOW + 1, idleExpirationTime: NOW - 1 }, NOW - 1],
  ])('is noted as ended at %s, and its user as touched', (_, change, end) => {
    expired.note(refused(change), NOW);

    expect(expire.mock.calls).toEqual([['token-1', end, TX]]);
    expect(transaction).toHaveBeenCalledWith(expect.any(Function), ['user-1']);
  });

  it('is noted once', async () => {
    expired.note(refused(), NOW);
    expired.note(refused(), NOW);
    await settle();
    expired.note(refused({ endReason: 'expired' }), NOW);

    expect(transaction).toHaveBeenCalledTimes(1);
  });

  it('is not noted anew when the clock is set back', () => {
    expired.note(refused({ endReason: 'expired' }), NOW - 1);

    expect(transaction).not.toHaveBeenCalled();
  });

  it('is noted at the next refusal if that failed, which the log tells', async () => {
    transaction.mockRejectedValueOnce(new Error('the disk is full'));

    expired.note(refused(), NOW);
    await settle();
    expired.note(refused(), NOW);

    expect(output).toContain('the disk is full');
    expect(expire).toHaveBeenCalledTimes(1);
  });
});

describe('a superseded secret that was refused since its grace was over', () => {
  it.each([
    ['an end', NOW + 1],
    ['none', null],
  ])('is not noted if its token has %s', (_, expirationTime) => {
    expired.note(refused({ expirationTime }), NOW);

    expect(transaction).not.toHaveBeenCalled();
  });
});

describe('a stop', () => {
  it('waits for what is being noted', async () => {
    let end: () => void = () => undefined;
    expire.mockReturnValueOnce(new Promise((resolve) => (end = resolve)));
    expired.note(refused(), NOW);

    let hasStopped = false;
    const stopping = expired.beforeApplicationShutdown().then(() => (hasStopped = true));
    await settle();
    expect(hasStopped).toBe(false);
    end();

    await stopping;
  });
});
