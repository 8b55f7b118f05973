import { HttpClient } from '@angular/common/http';
import { computed, inject, Injectable, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { UpdateTokenDto, UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { Language } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { type ConfirmOption, confirmed, type Question } from '../dialogs/confirm';
import { focusOrigin } from '../focus';
import { exactTime, relativeTime } from '../time/format-time';
import { deleteEffectively } from '../effective-by';
import { isLive, tokenName, tokenPath } from './token';

/** Actions on one token, with their confirmations and messages. */
@Injectable({ providedIn: 'root' })
export class TokenChanges {
  private readonly http = inject(HttpClient);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);
  private readonly language = inject(Language);
  private readonly t = this.language.texts;

  /** Id of the token of this session. */
  readonly ownId = computed(() => this.session.token()?.id ?? null);

  /** Whether the user may change a token: their own, or any with the permission. */
  mayChange(token: UserTokenDto): boolean {
    return token.user === this.session.user()?.name || this.session.can('tokens:write');
  }

  /** Rotates a token in a dialog, which shows the new secret once. Returns whether it was rotated. */
  async rotate(token: UserTokenDto): Promise<boolean> {
    // Read before the first await, because a menu closes then.
    const restoreFocus = focusOrigin();
    const { RotationDialog } = await this.language.withFeatureTexts(import('./rotation-dialog'));
    const opened = this.dialog.open<unknown, UserTokenDto, boolean>(RotationDialog, {
      data: token,
      width: '560px',
      panelClass: 'app-sheet',
      autoFocus: 'first-heading',
      restoreFocus,
    });
    return (await firstValueFrom(opened.afterClosed())) ?? false;
  }

  /**
   * Revokes a token after confirmation, or signs out if it is the one of this session. Returns whether the
   * list may have changed.
   */
  async revoke(token: UserTokenDto): Promise<boolean> {
    const isOwn = token.id === this.ownId();
    const { descendants: label } = this.t().tokens.revocation;
    const descendants: ConfirmOption = { label, member: 'descendants', isChecked: signal(false) };
    if (!(await confirmed(this.dialog, this.revocationQuestion(token, isOwn, descendants)))) {
      return false;
    }
    await attempt(this.notifier, async () => {
      if (isOwn) {
        return this.session.signOut();
      }
      const params = descendants.isChecked() ? { [descendants.member]: true } : {};
      const effectiveBy = await firstValueFrom(deleteEffectively(this.http, tokenPath(token.id), params));
      this.notifier.revoked(this.t().tokens.revocation.done, effectiveBy);
    });
    // After a failure, too: someone else may have revoked it.
    return !isOwn;
  }

  /** Disables or enables a token and offers to undo it. Calls `changed` even on failure. */
  async setEnabled(token: UserTokenDto, enabled: boolean, changed: () => void): Promise<void> {
    const { disabled: disabledText, enabled: enabledText } = this.t().tokens.switching;
    const message = () => (enabled ? enabledText : disabledText)(tokenName(token, this.t()));
    await this.change(token, [{ enabled }, { enabled: !enabled }], message, changed);
  }

  /**
   * Changes the expiry of a token and offers to undo it, unless it had expired. Calls `changed` even on
   * failure.
   */
  async setExpiry(token: UserTokenDto, expirationTime: string | null, changed: () => void): Promise<void> {
    const former = isLive(token) ? { expirationTime: token.expirationTime ?? null } : null;
    const message = (changedToken: UserTokenDto) => this.expiryMessage(changedToken);
    await this.change(token, [{ expirationTime }, former], message, changed);
  }

  private async change(
    token: UserTokenDto,
    [change, former]: readonly [UpdateTokenDto, UpdateTokenDto | null],
    message: (changedToken: UserTokenDto) => string,
    changed: () => void,
  ): Promise<void> {
    await attempt(this.notifier, async () => {
      const changedToken = await firstValueFrom(this.patch(token, change));
      if (former === null) {
        this.notifier.success(message(changedToken));
      } else {
        const undo = () => void this.undo(token, former, changed);
        const effectiveBy = change.enabled === false ? changedToken.effectiveBy : undefined;
        this.notifier.undoable(message(changedToken), undo, effectiveBy);
      }
    });
    changed();
  }

  /** Returns the message for a changed expiry, which the server may have shortened. */
  private expiryMessage({ expirationTime, warnings = [] }: UserTokenDto): string {
    const { none, done, clipped } = this.t().tokens.expiry;
    if (expirationTime === undefined) {
      return none;
    }
    const expiry = exactTime(expirationTime, this.language.tag());
    return warnings.length > 0 ? clipped(expiry) : done(expiry);
  }

  private async undo(token: UserTokenDto, former: UpdateTokenDto, changed: () => void): Promise<void> {
    await attempt(this.notifier, () => firstValueFrom(this.patch(token, former)));
    changed();
  }

  private patch(token: UserTokenDto, change: UpdateTokenDto) {
    // A single field is changed on purpose, whatever the version of the token.
    return this.http.patch<UserTokenDto>(tokenPath(token.id), change, { headers: { 'If-Match': '*' } });
  }

  private revocationQuestion(token: UserTokenDto, isOwn: boolean, descendants: ConfirmOption): Question {
    const sort = isOwn ? 'own' : token.kind === 'session' ? 'session' : 'api';
    const { heading, name, neverUsed, lastUse, consequence, signOut, revoke } = this.t().tokens.revocation;
    const { lastUsageTime, lastUsageAddress = null, lastUsageReportedBy } = token;
    const reporter =
      lastUsageReportedBy && this.t().tokenPage.use.reportedBy(JSON.stringify(lastUsageReportedBy));
    const use =
      lastUsageTime === undefined
        ? neverUsed
        : lastUse(
            relativeTime(Date.parse(lastUsageTime), Date.now(), this.language.tag(), this.t()),
            lastUsageAddress && reporter ? `${lastUsageAddress}, ${reporter}` : lastUsageAddress,
          );
    return {
      heading: heading[sort],
      subject: name(tokenName(token, this.t()), token.user),
      consequences: isOwn ? [consequence[sort]] : [use, consequence[sort]],
      action: isOwn ? signOut : revoke,
      ...(!isOwn && { option: descendants }),
    };
  }
}
