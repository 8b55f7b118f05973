import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { BulkItemResultDto, BulkResultDto, UserTokenDto } from '@latchkey/auth-models';
import { PAGE_SIZE_MAX } from '@latchkey/auth-models/lists';
import { firstValueFrom, Subject } from 'rxjs';
import { injectTexts } from '../core/language';
import { attempt, Notifier } from '../core/notifier';
import { problemOf } from '../core/problem';
import { type BulkAction, BulkChange, succeededIn } from '../shared/bulk/bulk-change';
import { confirmed, type Question } from '../shared/dialogs/confirm';
import { bulkFilter } from '../shared/list/list-selection';
import { tokenPath } from '../shared/tokens/token';
import { TokenChanges } from '../shared/tokens/token-changes';
import { type InboxAction, type InboxFilter, type InboxGroup, tokensOf } from './inbox-groups';

const PATH = '/tokens/bulk';
const EXTENSION_MILLISECONDS = 90 * 86_400_000;
/** Maximum number of tokens that a confirmation names. A dry run returns at most as many. */
const NAMES_SHOWN = 10;

/** Changes the tokens of the inbox: one, or all of a group. */
@Injectable({ providedIn: 'root' })
export class InboxActions {
  private readonly http = inject(HttpClient);
  private readonly bulk = inject(BulkChange);
  private readonly changes = inject(TokenChanges);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly t = injectTexts();

  /** Emits when the inbox may have changed; also by Undo, which outlives the row and its group. */
  readonly changed = new Subject<void>();

  /** Applies the action of a group to one token. */
  async actOn(token: UserTokenDto, { action }: InboxGroup): Promise<void> {
    if (action === null) {
      return;
    }
    if (action !== 'revoke') {
      await this.changes.setExpiry(token, newExpiry(), () => this.changed.next());
    } else if (await this.changes.revoke(token)) {
      this.changed.next();
    }
  }

  /** Applies the action of a group to all its tokens, after a confirmation that names them. */
  actOnAll({ action, filter, sort }: InboxGroup): Promise<void> {
    return this.attempt(async () => {
      if (action === null) {
        return;
      }
      const expiry = action === 'extend' ? { expirationTime: newExpiry() } : {};
      const result =
        action === 'setExpiry'
          ? await this.setExpiryOfAll(filter, sort)
          : await this.changeAll(filter, { action, ...expiry }, action);
      if (result !== null) {
        void this.report(result);
      }
    });
  }

  /** Hides a token from the inbox of all administrators until a new event. Offers to undo it. */
  async hide(token: UserTokenDto): Promise<void> {
    this.bulk.addNames([token]);
    await this.attempt(async () => {
      this.reportHidden(await this.bulk.send(PATH, { action: 'acknowledge' }, [token.id]));
    });
  }

  /** Hides all tokens of a group, after a confirmation that names them. */
  async hideAll({ filter }: InboxGroup): Promise<void> {
    await this.attempt(async () => {
      const result = await this.changeAll(filter, { action: 'acknowledge' }, 'hide');
      if (result !== null) {
        this.reportHidden(result);
      }
    });
  }

  /** Shows hidden tokens in the inbox again. */
  async showAgain(ids: readonly string[]): Promise<void> {
    await this.attempt(async () => {
      const done = succeededIn(await this.bulk.send(PATH, { action: 'unacknowledge' }, ids)).length;
      this.notifier.success(this.t().home.hidden.shownAgain(done));
    });
  }

  /** Rotates a token in a dialog, which shows the new secret once. */
  async rotate(token: UserTokenDto): Promise<void> {
    if (await this.changes.rotate(token)) {
      this.changed.next();
    }
  }

  private async attempt(act: () => Promise<void>): Promise<void> {
    await attempt(this.notifier, act);
    this.changed.next();
  }

  private reportHidden(result: BulkResultDto): void {
    const done = succeededIn(result);
    if (done.length < result.results.length) {
      void this.report(result);
      return;
    }
    this.notifier.undoable(this.t().home.hidden.count(done.length), () => void this.showAgain(done));
  }

  /** Changes all tokens that match a filter, after a confirmation that names them. */
  private changeAll(
    filter: InboxFilter,
    dto: BulkAction,
    question: InboxAction | 'hide',
  ): Promise<BulkResultDto | null> {
    const target = { filter: bulkFilter(filter) };
    return this.bulk.run<UserTokenDto>(PATH, dto, target, ({ count, sample }) => {
      this.bulk.addNames(sample);
      return this.question(question, count, sample);
    });
  }

  /** Sets the expiry token by token, because the bulk endpoint extends expiring tokens only. */
  private async setExpiryOfAll(filter: InboxFilter, sort: string): Promise<BulkResultDto | null> {
    const { items } = await firstValueFrom(tokensOf(this.http, filter, sort, PAGE_SIZE_MAX));
    this.bulk.addNames(items);
    if (!(await confirmed(this.dialog, this.question('setExpiry', items.length, items)))) {
      return null;
    }
    const expirationTime = newExpiry();
    const results: BulkItemResultDto[] = [];
    for (const token of items) {
      results.push(
        await firstValueFrom(
          this.http.patch(tokenPath(token.id), { expirationTime, version: token.version }),
        ).then(
          () => ({ id: token.id, status: 200 }),
          (error: unknown) => {
            const { status, code } = problemOf(error);
            return { id: token.id, status: status || 503, code: code ?? 'internal_error' };
          },
        ),
      );
    }
    return { count: results.length, results };
  }

  private question(name: InboxAction | 'hide', count: number, tokens: readonly UserTokenDto[]): Question {
    const { questions, actions, menu } = this.t().home;
    const { heading, text } = questions[name];
    const names = tokens.slice(0, NAMES_SHOWN).map(({ id }) => this.bulk.nameOf(id));
    const { more } = this.t().lists.rejections;
    return {
      heading: heading(count),
      subject: [...names, ...(count > names.length ? [more(count - names.length)] : [])].join('\n'),
      consequences: [text],
      action: name === 'hide' ? menu.hide(count) : actions.all[name](count),
      isHarmless: name === 'hide' || name === 'extend',
    };
  }

  private async report(result: BulkResultDto): Promise<void> {
    const done = succeededIn(result).length;
    const rejected = result.results.length - done;
    const { changed, changedPartly } = this.t().home;
    await this.bulk.showRejections(result);
    this.notifier.success(rejected === 0 ? changed(done) : changedPartly(done, rejected));
  }
}

function newExpiry(): string {
  return new Date(Date.now() + EXTENSION_MILLISECONDS).toISOString();
}
