import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import {
  BULK_IDS_MAX,
  type BulkResultDto,
  type TokenBulkAction,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { Language } from '../core/language';
import { Notifier } from '../core/notifier';
import { problemOf } from '../core/problem';
import { BulkChange, type BulkAction, outcomeOf } from '../shared/bulk/bulk-change';
import { showRejections } from '../shared/bulk/bulk-rejections';
import type { Question } from '../shared/dialogs/confirm';
import type { SelectionTarget } from '../shared/list/list-selection';
import { exactTime } from '../shared/time/format-time';
import { tokenName } from '../shared/tokens/token';
import type { ChosenExpiry } from './expiry-choice';
import type { ExtendTokens } from './extend-tokens';

const PATH = '/tokens/bulk';
/** How many tokens a question calls by name. */
const NAMED = 3;

/** Changes many tokens at once: asks in proportion, and says what came of it. */
@Injectable({ providedIn: 'root' })
export class TokenBulk {
  private readonly bulk = inject(BulkChange);
  private readonly dialog = inject(MatDialog);
  private readonly language = inject(Language);
  private readonly notifier = inject(Notifier);
  private readonly t = this.language.texts;
  private readonly names = new Map<string, string>();

  /** Learns what tokens are called, for the list of those that are refused. */
  meet(tokens: readonly UserTokenDto[]): void {
    tokens.forEach((token) => this.names.set(token.id, `${tokenName(token, this.t())} (${token.user})`));
  }

  /** Switches tokens off or on. Those chosen one by one need no question, as it can be taken back. */
  async setEnabled(target: SelectionTarget, enabled: boolean, changed: () => void): Promise<void> {
    if ('ids' in target && target.ids.length === 0) {
      this.notifier.success(this.t().tokens.bulk.nothing);
      return;
    }
    const action = enabled ? 'enable' : 'disable';
    const consequence = this.t().tokens.bulk.consequences[action];
    const isWide = 'filter' in target;
    const ask = (count: number, sample: readonly UserTokenDto[]) =>
      isWide ? this.question(action, count, sample, consequence) : null;
    const result = await this.make({ action, keepCurrent: !enabled }, target, ask, changed);
    if (result !== null) {
      const ids = result.results.filter(({ status }) => status < 300).map(({ id }) => id);
      const undo = () => void this.undo(ids, enabled ? 'disable' : 'enable', changed);
      this.notifier.undoable(this.outcome(action, result), undo);
    }
  }

  /** Ends tokens for good if the person agrees; the one in use here is spared. */
  async revoke(target: SelectionTarget, changed: () => void): Promise<void> {
    const consequence = this.t().tokens.bulk.consequences.revoke;
    const ask = (count: number, sample: readonly UserTokenDto[]) =>
      this.question('revoke', count, sample, consequence);
    const result = await this.make({ action: 'revoke', keepCurrent: true }, target, ask, changed);
    if (result !== null) {
      this.notifier.success(this.outcome('revoke', result));
    }
  }

  /** Gives tokens a later end, which is asked for first. */
  async extend(target: SelectionTarget, changed: () => void): Promise<void> {
    const end = await this.askForEnd();
    if (end === undefined) {
      return;
    }
    const { extend, extendForever } = this.t().tokens.bulk.consequences;
    const consequence =
      end.instant === null ? extendForever : extend(exactTime(end.instant, this.language.tag()).short);
    const ask = (count: number, sample: readonly UserTokenDto[]): Question => ({
      ...this.question('extend', count, sample, consequence),
      isHarmless: true,
    });
    const wish = { action: 'extend', expirationTime: end.instant };
    const result = await this.make(wish, target, ask, changed);
    if (result !== null) {
      this.notifier.success(this.outcome('extend', result));
    }
  }

  private async make(
    wish: BulkAction,
    target: SelectionTarget,
    ask: (count: number, sample: readonly UserTokenDto[]) => Question | null,
    changed: () => void,
  ): Promise<BulkResultDto | null> {
    try {
      const result = await this.bulk.make<UserTokenDto>(PATH, wish, target, ({ count, sample }) => {
        this.meet(sample);
        return ask(count, sample);
      });
      if (result !== null) {
        changed();
        void showRejections(this.dialog, result, (id) => this.names.get(id) ?? id);
      }
      return result;
    } catch (error) {
      this.notifier.failure(problemOf(error));
      return null;
    }
  }

  private async undo(ids: readonly string[], action: TokenBulkAction, changed: () => void): Promise<void> {
    for (let from = 0; from < ids.length; from += BULK_IDS_MAX) {
      await this.make({ action }, { ids: ids.slice(from, from + BULK_IDS_MAX) }, () => null, changed);
    }
  }

  private question(
    action: TokenBulkAction,
    count: number,
    sample: readonly UserTokenDto[],
    consequence: string,
  ): Question {
    const { headings, among, keepsOwn } = this.t().tokens.bulk;
    const named = sample.slice(0, NAMED).map(({ id }) => this.names.get(id) ?? id);
    const names = new Intl.ListFormat(this.language.tag(), { type: 'unit' }).format(named);
    const ends = action === 'disable' || action === 'revoke';
    return {
      heading: headings[action](count),
      consequences: [
        ...(count === 0 ? [] : [among(names, count - named.length)]),
        consequence,
        ...(ends ? [keepsOwn] : []),
      ],
      action: this.actionName(action),
    };
  }

  private actionName(action: TokenBulkAction): string {
    const { switching, revocation, bulk } = this.t().tokens;
    const names = { ...switching, revoke: revocation.revoke, extend: bulk.extend };
    return names[action];
  }

  private outcome(action: TokenBulkAction, result: BulkResultDto): string {
    const { done: words, refused: refusedWords } = this.t().tokens.bulk;
    const { done, refused } = outcomeOf(result);
    return refused === 0 ? words[action](done) : `${words[action](done)} ${refusedWords(refused)}`;
  }

  private async askForEnd(): Promise<ChosenExpiry | undefined> {
    const { ExtendTokens: Dialog } = await import('./extend-tokens');
    const opened = this.dialog.open<ExtendTokens, void, ChosenExpiry>(Dialog, { width: '520px' });
    return firstValueFrom(opened.afterClosed());
  }
}
