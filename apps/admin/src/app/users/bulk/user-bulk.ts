import { inject, Injectable } from '@angular/core';
import type { BulkResultDto, UserDto } from '@latchkey/auth-models';
import { BULK_IDS_MAX } from '@latchkey/auth-models/lists';
import { Language } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { problemOf } from '../../core/problem';
import { Session } from '../../core/session';
import type { Texts } from '../../core/texts/texts';
import { BulkChange, succeededIn } from '../../shared/bulk/bulk-change';
import type { SelectionTarget } from '../../shared/list/list-selection';
import { bulkQuestion, changes, inverseOf, type UserBulkChange } from './user-bulk-change';

const PATH = '/users/bulk';

/** Runs bulk actions on users: asks for confirmation, reports the result and offers to undo it. */
@Injectable({ providedIn: 'root' })
export class UserBulk {
  private readonly bulk = inject(BulkChange);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);
  private readonly language = inject(Language);
  private readonly texts = this.language.texts;

  /**
   * @param users the users of the target, if all of them are known.
   * @param reload called after the action and after it is undone.
   * @returns whether the action was run.
   */
  async run(
    change: UserBulkChange,
    target: SelectionTarget,
    users: readonly UserDto[] | null,
    reload: () => void,
  ): Promise<boolean> {
    const changing = onlyChanging(change, target);
    if (changing === null) {
      await this.language.loadFeatureTexts();
      this.notifier.success(this.texts().userBulk.nothingToDo);
      return false;
    }
    try {
      const ownName = this.session.user()?.name;
      const result = await this.bulk.run(PATH, { ...change }, changing, async (dryRun) => {
        await this.language.loadFeatureTexts();
        return bulkQuestion(change, dryRun, users, this.texts(), ownName);
      });
      if (result === null) {
        return false;
      }
      if (signsOut(change, result, ownName)) {
        // Without a session nothing can be undone.
        this.notifier.revoked(doneText(change, result, this.texts()), result.effectiveBy);
        this.session.end('signed-out');
        return true;
      }
      reload();
      void this.report(change, result, users, changing, reload);
      this.refreshOwn(result);
      return true;
    } catch (error) {
      this.notifier.failure(problemOf(error));
      return false;
    }
  }

  private async report(
    change: UserBulkChange,
    result: BulkResultDto,
    users: readonly UserDto[] | null,
    target: SelectionTarget,
    reload: () => void,
  ): Promise<void> {
    // Before the message with Undo, which the dialog would cover.
    await this.bulk.showRejections(result);
    const done = succeededIn(result);
    const text = doneText(change, result, this.texts());
    const changed = changedBy(change, done, users, target);
    const effectiveBy = revokesTokens(change) ? result.effectiveBy : undefined;
    const inverse = inverseOf(change);
    if (inverse !== null && changed.length > 0 && changed.length <= BULK_IDS_MAX) {
      this.notifier.undoable(text, () => void this.undo(inverse, changed, reload), effectiveBy);
    } else if (done.length > 0) {
      this.notifier.revoked(text, effectiveBy);
    }
  }

  /** Reads the user's own permissions again if their roles may have changed. */
  private refreshOwn(result: BulkResultDto): void {
    const name = this.session.user()?.name;
    if (name !== undefined && succeededIn(result).includes(name)) {
      void this.session.refresh();
    }
  }

  private async undo(inverse: UserBulkChange, names: readonly string[], reload: () => void): Promise<void> {
    await attempt(this.notifier, async () => {
      const result = await this.bulk.send(PATH, { ...inverse }, names);
      void this.bulk.showRejections(result);
      this.refreshOwn(result);
    });
    reload();
  }
}

function doneText({ action, role = '' }: UserBulkChange, result: BulkResultDto, texts: Texts): string {
  return texts.userBulk.done[action](succeededIn(result).length, role);
}

/** Whether tokens stop working with a change. */
function revokesTokens({ action }: UserBulkChange): boolean {
  return action === 'disable' || action === 'revokeTokens' || action === 'delete';
}

/** Whether the action ended the session of the user who ran it. */
function signsOut(change: UserBulkChange, result: BulkResultDto, ownName: string | undefined): boolean {
  return revokesTokens(change) && ownName !== undefined && succeededIn(result).includes(ownName);
}

/**
 * Restricts a filter to the users whom enabling or disabling changes, so that undoing affects only them;
 * `null` if none.
 */
function onlyChanging({ action }: UserBulkChange, target: SelectionTarget): SelectionTarget | null {
  if (!('filter' in target) || (action !== 'enable' && action !== 'disable')) {
    return target;
  }
  const enabled = action === 'disable';
  return target.filter['enabled'] === !enabled ? null : { filter: { ...target.filter, enabled } };
}

/** Returns the users whom the action changed, or none if that is unknown. */
function changedBy(
  change: UserBulkChange,
  done: readonly string[],
  users: readonly UserDto[] | null,
  target: SelectionTarget,
): readonly string[] {
  if (users === null) {
    const isExact = 'filter' in target && typeof target.filter['enabled'] === 'boolean';
    return isExact && (change.action === 'enable' || change.action === 'disable') ? done : [];
  }
  const before = new Set(users.filter((user) => changes(change, user)).map(({ name }) => name));
  return done.filter((name) => before.has(name));
}
