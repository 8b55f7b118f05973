import { HttpClient } from '@angular/common/http';
import { computed, inject, Injectable } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { UpdateTokenDto, UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { Language } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { problemOf } from '../../core/problem';
import { Session } from '../../core/session';
import { exactTime } from '../time/format-time';
import type { Revocation, RevocationOptions, RevokeToken } from './revoke-token';
import { tokenName, tokenPath } from './token';

/** What can be done to one token wherever it is shown, with the question before and the message after. */
@Injectable({ providedIn: 'root' })
export class TokenChanges {
  private readonly http = inject(HttpClient);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);
  private readonly language = inject(Language);
  private readonly t = this.language.texts;

  /** Id of the token that the person is signed in with here. */
  readonly ownId = computed(() => this.session.token()?.id ?? null);

  /** Whether the person may change a token: their own, or anybody's with the permission. */
  mayChange(token: UserTokenDto): boolean {
    return token.user === this.session.me()?.name || this.session.can('tokens:write');
  }

  /** Ends a token for good if the person agrees; the one in use here is signed out of. Tells whether another one ended. */
  async revoke(token: UserTokenDto): Promise<boolean> {
    const isOwn = token.id === this.ownId();
    const wish = await this.askToRevoke({ token, isOwn });
    if (wish === undefined) {
      return false;
    }
    try {
      if (isOwn) {
        await this.session.signOut();
        return false;
      }
      const params: Record<string, boolean> = wish.descendants ? { descendants: true } : {};
      await firstValueFrom(this.http.delete<void>(tokenPath(token.id), { params }));
      this.notifier.success(this.t().tokens.revocation.done);
      return true;
    } catch (error) {
      this.notifier.failure(problemOf(error));
      // It may be that somebody else has ended it: the page should tell.
      return true;
    }
  }

  /** Switches a token off or on, and offers to take that back. Whatever happens, `changed` is told. */
  async setEnabled(token: UserTokenDto, enabled: boolean, changed: () => void): Promise<void> {
    const { disabled, enabled: switchedOn } = this.t().tokens.switching;
    const say = () => (enabled ? switchedOn : disabled)(tokenName(token, this.t()));
    await this.change(token, [{ enabled }, { enabled: !enabled }], say, changed);
  }

  /** Gives a token another end, and offers to take that back. Whatever happens, `changed` is told. */
  async setEnd(token: UserTokenDto, expirationTime: string | null, changed: () => void): Promise<void> {
    const former = token.expirationTime ?? null;
    const say = (answer: UserTokenDto) => this.newEnd(answer);
    await this.change(token, [{ expirationTime }, { expirationTime: former }], say, changed);
  }

  private async change(
    token: UserTokenDto,
    [change, former]: readonly [UpdateTokenDto, UpdateTokenDto],
    say: (answer: UserTokenDto) => string,
    changed: () => void,
  ): Promise<void> {
    try {
      const answer = await firstValueFrom(this.patch(token, change));
      this.notifier.undoable(say(answer), () => void this.undo(token, former, changed));
    } catch (error) {
      this.notifier.failure(problemOf(error));
    }
    changed();
  }

  /** What became of the wish for another end. */
  private newEnd({ expirationTime, warnings = [] }: UserTokenDto): string {
    const { endless, done, clipped } = this.t().tokens.ending;
    if (expirationTime === undefined) {
      return endless;
    }
    const end = exactTime(expirationTime, this.language.tag()).short;
    return warnings.length > 0 ? clipped(end) : done(end);
  }

  private async undo(token: UserTokenDto, former: UpdateTokenDto, changed: () => void): Promise<void> {
    try {
      await firstValueFrom(this.patch(token, former));
    } catch (error) {
      this.notifier.failure(problemOf(error));
    }
    changed();
  }

  private patch(token: UserTokenDto, change: UpdateTokenDto) {
    // One switch or one end is meant whatever else of the token has changed.
    return this.http.patch<UserTokenDto>(tokenPath(token.id), change, { headers: { 'If-Match': '*' } });
  }

  private async askToRevoke(revocation: Revocation): Promise<RevocationOptions | undefined> {
    const { RevokeToken: Dialog } = await import('./revoke-token');
    const opened = this.dialog.open<RevokeToken, Revocation, RevocationOptions>(Dialog, {
      data: revocation,
      role: 'alertdialog',
      width: '460px',
    });
    return firstValueFrom(opened.afterClosed());
  }
}
