import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { BulkItemResultDto, BulkResultDto, UserTokenDto } from '@latchkey/auth-models';
import { catchError, concatMap, firstValueFrom, from, map, of, toArray } from 'rxjs';
import { injectTexts } from '../core/language';
import { Notifier } from '../core/notifier';
import { problemOf } from '../core/problem';
import { BulkChange, outcomeOf } from '../shared/bulk/bulk-change';
import { showRejections } from '../shared/bulk/bulk-rejections';
import { confirmed, type Question } from '../shared/dialogs/confirm';
import { bulkFilter } from '../shared/list/list-selection';
import { tokenName } from '../shared/tokens/token';
import { TokenChanges } from '../shared/tokens/token-changes';
import { HomeApi } from './home-api';
import type { InboxGroup } from './inbox-groups';

const END_MILLISECONDS = 90 * 86_400_000;

/** What is done about the tokens of the inbox: one by one, or all of a group. */
@Injectable({ providedIn: 'root' })
export class InboxActions {
  private readonly api = inject(HomeApi);
  private readonly bulk = inject(BulkChange);
  private readonly changes = inject(TokenChanges);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly t = injectTexts();

  /** Does what a group suggests to one token. `changed` is told whenever the inbox may be another one. */
  async actOn(token: UserTokenDto, { action }: InboxGroup, changed: () => void): Promise<void> {
    if (action !== 'revoke') {
      await this.changes.setEnd(token, newEnd(), changed);
    } else if (await this.changes.revoke(token)) {
      changed();
    }
  }

  /** Does it to all tokens of a group, after a question that says how many they are. */
  async actOnAll(group: InboxGroup, changed: () => void): Promise<void> {
    try {
      const known = new Map<string, string>();
      const result = await (group.action === 'setExpiry'
        ? this.setEnds(group, known)
        : this.change(group, known));
      if (result === null) {
        return;
      }
      this.tell(result, known);
    } catch (error) {
      this.notifier.failure(problemOf(error));
    }
    changed();
  }

  private change({ action, filter }: InboxGroup, known: Map<string, string>): Promise<BulkResultDto | null> {
    const wish = action === 'extend' ? { action, expirationTime: newEnd() } : { action: 'revoke' };
    const target = { filter: bulkFilter(filter) };
    return this.bulk.make<UserTokenDto>('/tokens/bulk', wish, target, ({ count, sample }) => {
      this.remember(sample, known);
      return this.question(action, count);
    });
  }

  /** A bulk request only moves ends to later ones, so that tokens without an end get theirs one by one. */
  private async setEnds(
    { action, filter, sort }: InboxGroup,
    known: Map<string, string>,
  ): Promise<BulkResultDto | null> {
    const { items } = await firstValueFrom(this.api.tokens(filter, sort, this.api.sizeMax));
    this.remember(items, known);
    if (!(await confirmed(this.dialog, this.question(action, items.length)))) {
      return null;
    }
    const end = newEnd();
    const one = (token: UserTokenDto) =>
      this.api.setEnd(token, end).pipe(
        map((): BulkItemResultDto => ({ id: token.id, status: 200 })),
        catchError((error: unknown) => {
          const { status, code } = problemOf(error);
          return of<BulkItemResultDto>({
            id: token.id,
            status: status || 503,
            code: code ?? 'internal_error',
          });
        }),
      );
    const results = await firstValueFrom(from(items).pipe(concatMap(one), toArray()));
    return { count: results.length, results };
  }

  private question(action: InboxGroup['action'], count: number): Question {
    const { questions, actions } = this.t().home;
    const { heading, text } = questions[action];
    const label = actions.all[action](count);
    return { heading: heading(count), consequences: [text], action: label, isHarmless: action === 'extend' };
  }

  private remember(tokens: readonly UserTokenDto[], known: Map<string, string>): void {
    tokens.forEach((token) => known.set(token.id, `${tokenName(token, this.t())} (${token.user})`));
  }

  private tell(result: BulkResultDto, known: ReadonlyMap<string, string>): void {
    const { done, refused } = outcomeOf(result);
    const { changed, changedPartly } = this.t().home;
    this.notifier.success(refused === 0 ? changed(done) : changedPartly(done, refused));
    void showRejections(this.dialog, result, (id) => known.get(id) ?? id);
  }
}

function newEnd(): string {
  return new Date(Date.now() + END_MILLISECONDS).toISOString();
}
