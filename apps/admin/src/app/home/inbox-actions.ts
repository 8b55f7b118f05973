import { inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { BulkResultDto, UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import { Notifier } from '../core/notifier';
import { problemOf } from '../core/problem';
import { confirmed } from '../shared/confirm';
import { BulkChange, outcomeOf } from '../shared/list/bulk-change';
import { bulkFilter } from '../shared/list/bulk-filter';
import { HomeApi } from './home-api';
import type { InboxGroup } from './inbox-groups';

const EXTENSION_MILLISECONDS = 90 * 86_400_000;

/** What is done about the tokens of the inbox: one by one, or all of a group. */
@Injectable({ providedIn: 'root' })
export class InboxActions {
  private readonly api = inject(HomeApi);
  private readonly bulk = inject(BulkChange);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly t = injectTexts();

  /** Does what a group suggests to one token, and tells whether it was done. `undone` runs if it is taken back. */
  async actOn(token: UserTokenDto, { action }: InboxGroup, undone: () => void): Promise<boolean> {
    try {
      return action === 'extend' ? await this.extend(token, undone) : await this.revoke(token);
    } catch (error) {
      this.notifier.failure(problemOf(error));
      return true;
    }
  }

  /** Does it to all tokens of a group, after a question that says how many they are. */
  async actOnAll({ action, filter }: InboxGroup): Promise<boolean> {
    const isExtension = action === 'extend';
    const { extendAll, revokeAll } = this.t().home.questions;
    const wish = isExtension ? { action, expirationTime: later() } : { action: 'revoke' };
    try {
      const result = await this.bulk.make('/tokens/bulk', wish, { filter: bulkFilter(filter) }, (count) => {
        const { heading, text } = isExtension ? extendAll : revokeAll;
        const label = isExtension
          ? this.t().home.actions.extendAll(count)
          : this.t().home.actions.revokeAll(count);
        return { heading: heading(count), consequences: [text], action: label, isHarmless: isExtension };
      });
      this.tell(result);
      return result !== null;
    } catch (error) {
      this.notifier.failure(problemOf(error));
      return true;
    }
  }

  private async extend(token: UserTokenDto, undone: () => void): Promise<boolean> {
    const changed = await firstValueFrom(this.api.setEnd(token, later()));
    this.notifier.undoable(this.t().home.extended(nameOf(token)), () => {
      this.api.setEnd(changed, token.expirationTime ?? null).subscribe({
        next: undone,
        error: (error: unknown) => this.notifier.failure(problemOf(error)),
      });
    });
    return true;
  }

  private async revoke(token: UserTokenDto): Promise<boolean> {
    const { home } = this.t();
    const { heading, text } = home.questions.revoke;
    const question = {
      heading,
      consequences: [`${nameOf(token)} · ${token.user}`, text],
      action: home.actions.revoke,
    };
    if (!(await confirmed(this.dialog, question))) {
      return false;
    }
    await firstValueFrom(this.api.revoke(token.id), { defaultValue: undefined });
    this.notifier.success(home.revoked(nameOf(token)));
    return true;
  }

  private tell(result: BulkResultDto | null): void {
    if (result !== null) {
      const { done, refused } = outcomeOf(result);
      const { changed, changedPartly } = this.t().home;
      this.notifier.success(refused === 0 ? changed(done) : changedPartly(done, refused));
    }
  }
}

function nameOf({ note, tokenPreview }: UserTokenDto): string {
  return note ?? tokenPreview;
}

function later(): string {
  return new Date(Date.now() + EXTENSION_MILLISECONDS).toISOString();
}
