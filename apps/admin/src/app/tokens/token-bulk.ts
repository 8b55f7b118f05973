import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { BulkResultDto, TokenBulkAction, UserTokenDto } from '@latchkey/auth-models';
import { Language } from '../core/language';
import { attempt, Notifier } from '../core/notifier';
import { problemOf } from '../core/problem';
import { type BulkAction, BulkChange, succeededIn } from '../shared/bulk/bulk-change';
import type { Question } from '../shared/dialogs/confirm';
import type { SelectionTarget } from '../shared/list/list-selection';
import { exactTime } from '../shared/time/format-time';

const PATH = '/tokens/bulk';
/** Actions on the list; the home page acknowledges tokens. */
type ListAction = Exclude<TokenBulkAction, 'acknowledge' | 'unacknowledge'>;

/** Number of tokens that a confirmation names. */
const NAMED = 3;

/** Runs bulk actions on tokens: confirms those that cannot be undone, and reports the result. */
@Injectable({ providedIn: 'root' })
export class TokenBulk {
  private readonly bulk = inject(BulkChange);
  private readonly dialog = inject(MatDialog);
  private readonly language = inject(Language);
  private readonly notifier = inject(Notifier);
  private readonly t = this.language.texts;

  /**
   * Disables or enables tokens. Tokens selected one by one need no confirmation, because this can be undone.
   */
  async setEnabled(target: SelectionTarget, enabled: boolean, changed: () => void): Promise<void> {
    if ('ids' in target && target.ids.length === 0) {
      this.notifier.success(this.t().tokens.bulk.nothing);
      return;
    }
    const action = enabled ? 'enable' : 'disable';
    const needsQuestion = 'filter' in target;
    const result = await this.run({ action, keepCurrent: !enabled }, target, changed, (count, sample) =>
      needsQuestion ? this.question(action, count, sample) : null,
    );
    if (result !== null) {
      const undo = () => void this.undo(succeededIn(result), enabled ? 'disable' : 'enable', changed);
      this.notifier.undoable(this.outcome(action, result), undo, enabled ? undefined : result.effectiveBy);
    }
  }

  /** Revokes tokens after confirmation, except the one in use here. */
  async revoke(target: SelectionTarget, changed: () => void): Promise<void> {
    const action = { action: 'revoke', keepCurrent: true };
    const result = await this.run(action, target, changed, (count, sample) =>
      this.question('revoke', count, sample),
    );
    if (result !== null) {
      this.notifier.revoked(this.outcome('revoke', result), result.effectiveBy);
    }
  }

  /** Asks for a later expiry and applies it to tokens. */
  async extend(target: SelectionTarget, changed: () => void): Promise<void> {
    const { askForExpiry } = await this.language.withFeatureTexts(import('./token-pages'));
    const expiry = await askForExpiry(this.dialog);
    if (expiry === undefined) {
      return;
    }
    const action = { action: 'extend', expirationTime: expiry.instant };
    const result = await this.run(action, target, changed, (count, sample) => ({
      ...this.question('extend', count, sample, expiry.instant),
      isHarmless: true,
    }));
    if (result !== null) {
      this.notifier.success(this.outcome('extend', result));
    }
  }

  private async run(
    action: BulkAction,
    target: SelectionTarget,
    changed: () => void,
    ask: (count: number, sample: readonly UserTokenDto[]) => Question | null,
  ): Promise<BulkResultDto | null> {
    try {
      const result = await this.bulk.run<UserTokenDto>(PATH, action, target, ({ count, sample }) => {
        this.bulk.addNames(sample);
        return ask(count, sample);
      });
      if (result !== null) {
        changed();
        // Before the message with Undo, which the dialog would cover.
        await this.bulk.showRejections(result);
      }
      return result;
    } catch (error) {
      this.notifier.failure(problemOf(error));
      return null;
    }
  }

  private async undo(ids: readonly string[], action: ListAction, changed: () => void): Promise<void> {
    await attempt(this.notifier, async () => {
      const result = await this.bulk.send(PATH, { action }, ids);
      changed();
      await this.bulk.showRejections(result);
    });
  }

  private question(
    action: ListAction,
    count: number,
    sample: readonly UserTokenDto[],
    expiry: string | null = null,
  ): Question {
    const { headings, consequences, among, keepsOwn } = this.t().tokens.bulk;
    const { switching, revocation, bulk } = this.t().tokens;
    const actions = { ...switching, revoke: revocation.revoke, extend: bulk.extend };
    const named = sample.slice(0, NAMED).map(({ id }) => this.bulk.nameOf(id));
    const names = new Intl.ListFormat(this.language.tag(), { type: 'unit' }).format(named);
    const consequence =
      action !== 'extend'
        ? consequences[action]
        : expiry === null
          ? consequences.extendForever
          : consequences.extend(exactTime(expiry, this.language.tag()));
    return {
      heading: headings[action](count),
      consequences: [
        ...(count === 0 ? [] : [among(names, count - named.length)]),
        consequence,
        ...(action === 'disable' || action === 'revoke' ? [keepsOwn] : []),
      ],
      action: actions[action],
    };
  }

  private outcome(action: ListAction, result: BulkResultDto): string {
    const { done, rejected } = this.t().tokens.bulk;
    const succeeded = succeededIn(result).length;
    const failed = result.results.length - succeeded;
    return failed === 0 ? done[action](succeeded) : `${done[action](succeeded)} ${rejected(failed)}`;
  }
}
