import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { jest } from '@jest/globals';
import type { BulkResultDto, UserDto } from '@latchkey/auth-models';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { BulkChange } from '../../shared/bulk/bulk-change';
import { UserBulk } from './user-bulk';

const user = (name: string, enabled: boolean) =>
  ({ name, enabled, roles: [], tokenCount: 0 }) as unknown as UserDto;
const users = [user('anna', true), user('ben', false), user('cleo', true)];
const names = users.map(({ name }) => name);
const result = (...statuses: number[]): BulkResultDto => ({
  count: statuses.length,
  results: statuses.map((status, index) => ({ id: names[index] ?? '', status })),
});

const runBulk = jest.fn<BulkChange['run']>();
const send = jest.fn<BulkChange['send']>();
const showRejections = jest.fn<BulkChange['showRejections']>();
const notifier = {
  success: jest.fn(),
  revoked: jest.fn(),
  failure: jest.fn(),
  undoable: jest.fn<Notifier['undoable']>(),
};
const session = { user: () => ({ name: 'cleo' }), refresh: jest.fn(), end: jest.fn() };
const reload = jest.fn();
let bulk: UserBulk;

beforeEach(() => {
  jest.clearAllMocks();
  send.mockResolvedValue(result(200));
  TestBed.configureTestingModule({
    providers: [
      { provide: BulkChange, useValue: { run: runBulk, send, showRejections } },
      { provide: Notifier, useValue: notifier },
      { provide: Session, useValue: session },
    ],
  });
  bulk = TestBed.inject(UserBulk);
});

describe('UserBulk', () => {
  it('undoes only what it changed, so that users who were disabled before stay disabled', async () => {
    const effectiveBy = '2026-11-30T12:00:02.000Z';
    runBulk.mockResolvedValue({ ...result(200, 200, 409), effectiveBy });
    await bulk.run({ action: 'disable' }, { ids: names }, users, reload);
    // The dialog about the rejected user is closed first.
    await Promise.resolve();
    await Promise.resolve();

    notifier.undoable.mock.calls[0]?.[1]();
    expect(send).toHaveBeenCalledWith('/users/bulk', { action: 'enable' }, ['anna']);
    expect(notifier.undoable.mock.calls[0]?.[2]).toBe(effectiveBy);
  });

  it('restricts a filter to the users it changes, so that it can be undone', async () => {
    runBulk.mockResolvedValue(result(200, 200));
    await bulk.run({ action: 'disable' }, { filter: { kind: 'human' } }, null, reload);

    expect(runBulk.mock.calls[0]?.[2]).toEqual({ filter: { kind: 'human', enabled: true } });
    notifier.undoable.mock.calls[0]?.[1]();
    expect(send).toHaveBeenCalledWith('/users/bulk', { action: 'enable' }, ['anna', 'ben']);
  });

  it('sends no request when there is nothing to change', async () => {
    const isDone = await bulk.run({ action: 'disable' }, { filter: { enabled: false } }, null, reload);

    expect([isDone, runBulk.mock.calls.length]).toEqual([false, 0]);
    expect(notifier.success).toHaveBeenCalledWith(
      'Nothing to change: this already applies to all of these users.',
    );
  });

  it('offers no undo for a deletion', async () => {
    runBulk.mockResolvedValue(result(204));
    await bulk.run({ action: 'delete' }, { ids: ['anna'] }, users.slice(0, 1), reload);

    expect(notifier.undoable).not.toHaveBeenCalled();
    expect(notifier.revoked).toHaveBeenCalledWith('1 user deleted.', undefined);
  });

  it('refreshes the own session when the own account was changed', async () => {
    const effectiveBy = '2026-11-30T12:00:02.000Z';
    runBulk
      .mockResolvedValueOnce({ ...result(200), effectiveBy })
      .mockResolvedValueOnce(result(200, 200, 200));
    await bulk.run({ action: 'addRole', role: 'support' }, { ids: ['anna'] }, users, reload);
    const refreshes = session.refresh.mock.calls.length;
    await bulk.run({ action: 'addRole', role: 'support' }, { ids: names }, users, reload);

    expect([refreshes, session.refresh.mock.calls.length]).toEqual([0, 1]);
    // A new role rejects nothing.
    expect(notifier.undoable.mock.calls[0]?.[2]).toBeUndefined();
  });

  it.each(['disable', 'revokeTokens', 'delete'] as const)(
    'signs out without undo when %s hits the own account',
    async (action) => {
      runBulk.mockResolvedValue(result(200, 200, 200));
      await bulk.run({ action }, { ids: names }, users, reload);

      expect(session.end).toHaveBeenCalledWith('signed-out');
      expect(notifier.undoable).not.toHaveBeenCalled();
      expect(reload).not.toHaveBeenCalled();
    },
  );

  it('shows the rejected users', async () => {
    const rejected = { id: 'anna', status: 409, code: 'last_administrator' as const };
    runBulk.mockResolvedValue({ count: 1, results: [rejected] });
    await bulk.run({ action: 'delete' }, { ids: ['anna'] }, users.slice(0, 1), reload);

    expect(showRejections).toHaveBeenCalledWith({ count: 1, results: [rejected] });
    expect(notifier.success).not.toHaveBeenCalled();
  });

  it('reports a rejected request and keeps the selection', async () => {
    runBulk.mockRejectedValue(new HttpErrorResponse({ status: 403 }));

    expect(await bulk.run({ action: 'enable' }, { ids: names }, users, reload)).toBe(false);
    expect(notifier.failure).toHaveBeenCalledWith(expect.objectContaining({ status: 403 }));
  });
});
