import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { BULK_IDS_MAX, type BulkResultDto, type UserDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { Language } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { problemOf } from '../../core/problem';
import { Session } from '../../core/session';
import type { Texts } from '../../core/texts/texts';
import { BulkChange } from '../../shared/bulk/bulk-change';
import { showRejections } from '../../shared/bulk/bulk-rejections';
import type { SelectionTarget } from '../../shared/list/list-selection';
import { UsersApi } from '../users-api';
import { bulkQuestion, changes, inverseOf, type UserBulkChange } from './user-bulk-change';

/** Changes many users: asks first, tells what came of it, and offers to take it back. */
@Injectable({ providedIn: 'root' })
export class UserBulk {
  private readonly api = inject(UsersApi);
  private readonly bulk = inject(BulkChange);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);
  private readonly texts = inject(Language).texts;

  /**
   * @param users the users that the target means, if all of them are known.
   * @param reload what is to be done after each change, also after the one that takes it back.
   * @returns whether anything was asked of the server and done.
   */
  async run(
    act: UserBulkChange,
    target: SelectionTarget,
    users: readonly UserDto[] | null,
    reload: () => void,
  ): Promise<boolean> {
    const narrowed = narrowedTo(act, target);
    try {
      const result =
        narrowed &&
        (await this.bulk.make('/users/bulk', { ...act }, narrowed, (dryRun) =>
          bulkQuestion(act, dryRun, users, this.texts(), this.session.me()?.name),
        ));
      if (narrowed === null) {
        this.notifier.success(this.texts().userBulk.nothingToDo);
      }
      if (result === null) {
        return false;
      }
      if (signsOut(act, result, this.session.me()?.name)) {
        // Nothing more can be asked, and so nothing taken back.
        this.notifier.success(doneText(act, result, this.texts()));
        this.session.end('signed-out');
        return true;
      }
      reload();
      this.tell(act, result, users, narrowed, reload);
      this.refreshOwn(result);
      return true;
    } catch (error) {
      this.notifier.failure(problemOf(error));
      return false;
    }
  }

  private tell(
    act: UserBulkChange,
    result: BulkResultDto,
    users: readonly UserDto[] | null,
    target: SelectionTarget | null,
    reload: () => void,
  ): void {
    const done = doneIn(result);
    const text = doneText(act, result, this.texts());
    const changed = changedBy(act, done, users, target);
    const inverse = inverseOf(act);
    if (inverse !== null && changed.length > 0 && changed.length <= BULK_IDS_MAX) {
      this.notifier.undoable(text, () => void this.undo(inverse, changed, reload));
    } else if (done.length > 0) {
      this.notifier.success(text);
    }
    void showRejections(this.dialog, result);
  }

  /** What one may do is another thing if one's own roles were among those that were changed. */
  private refreshOwn(result: BulkResultDto): void {
    const name = this.session.me()?.name;
    if (name !== undefined && doneIn(result).includes(name)) {
      void this.session.refresh();
    }
  }

  private async undo(inverse: UserBulkChange, names: readonly string[], reload: () => void): Promise<void> {
    try {
      const result = await firstValueFrom(this.api.changeAll(inverse, names));
      void showRejections(this.dialog, result);
      this.refreshOwn(result);
    } catch (error) {
      this.notifier.failure(problemOf(error));
    }
    reload();
  }
}

function doneIn({ results }: BulkResultDto): readonly string[] {
  return results.filter(({ status }) => status < 300).map(({ id }) => id);
}

function doneText({ action, role = '' }: UserBulkChange, result: BulkResultDto, { userBulk }: Texts): string {
  return userBulk.done[action](doneIn(result).length, role);
}

/** Whether a change has ended the session of the very person who made it. */
function signsOut({ action }: UserBulkChange, result: BulkResultDto, ownName: string | undefined): boolean {
  const ends = action === 'disable' || action === 'revokeTokens' || action === 'delete';
  return ends && ownName !== undefined && doneIn(result).includes(ownName);
}

/**
 * Only those whom enabling or disabling changes, so that exactly they can be changed back; `null` if that is nobody.
 */
function narrowedTo({ action }: UserBulkChange, target: SelectionTarget): SelectionTarget | null {
  if (!('filter' in target) || (action !== 'enable' && action !== 'disable')) {
    return target;
  }
  const enabled = action === 'disable';
  return target.filter['enabled'] === !enabled ? null : { filter: { ...target.filter, enabled } };
}

/** Those among the done whom the change made something of; nobody where that is not known. */
function changedBy(
  act: UserBulkChange,
  done: readonly string[],
  users: readonly UserDto[] | null,
  target: SelectionTarget | null,
): readonly string[] {
  if (users === null) {
    const isExact = target !== null && 'filter' in target && typeof target.filter['enabled'] === 'boolean';
    return isExact && (act.action === 'enable' || act.action === 'disable') ? done : [];
  }
  const before = new Set(users.filter((user) => changes(act, user)).map(({ name }) => name));
  return done.filter((name) => before.has(name));
}
