import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import type { UserDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { type Problem, problemOf } from '../../core/problem';
import { Session } from '../../core/session';
import type { Texts } from '../../core/texts/texts';
import { type ConfirmOption, confirmed, type Question } from '../../shared/dialogs/confirm';
import { focusOrigin } from '../../shared/focus';
import { Icon } from '../../shared/ui/icon';
import { UsersApi } from '../users-api';
import { SetPassword } from './set-password';
import { SetUpLink } from './set-up-link';
import { UserEdits } from './user-edits';

/** Actions on a user. Problems are emitted, so that the page shows them below its header. */
@Component({
  selector: 'app-user-actions',
  imports: [Icon, MatButton, MatMenuModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'page-actions' },
  templateUrl: './user-actions.html',
})
export class UserActions {
  private readonly api = inject(UsersApi);
  private readonly edits = inject(UserEdits);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  readonly user = input.required<UserDto>();
  readonly changed = output<UserDto>();
  readonly tokensChanged = output();
  readonly deleted = output();
  /** Problem of the last action; `null` when another begins. */
  readonly failed = output<Problem | null>();

  protected readonly t = injectTexts();
  protected readonly canWrite = this.session.can('users:write');
  protected readonly canRevokeTokens = this.session.can('tokens:write');
  protected readonly isHuman = computed(() => this.user().kind === 'human');
  private readonly isSelf = computed(() => this.user().id === this.session.user()?.id);
  protected readonly isBusy = signal(false);

  protected setEnabled(enabled: boolean): Promise<void> {
    const before = this.user();
    const { enabled: enabledText, disabled: disabledText } = this.t().userPage;
    return this.act(!enabled && this.isSelf() ? disableSelfQuestion(this.t()) : null, async () => {
      const after = await this.edits.save(before, { enabled });
      if (after !== null && !enabled && this.isSelf()) {
        this.session.end('signed-out');
      } else if (after !== null) {
        this.changed.emit(after);
        const text = enabled ? enabledText(before.name) : disabledText(before.name);
        const undo = () => void this.undo(after, !enabled);
        this.notifier.undoable(text, undo, enabled ? undefined : after.effectiveBy);
      }
    });
  }

  protected openLink(): void {
    this.dialog.open(SetUpLink, { data: this.user(), width: '520px', restoreFocus: focusOrigin() });
  }

  protected async openPassword(): Promise<void> {
    const options = { data: this.user(), width: '520px', restoreFocus: focusOrigin() };
    const opened = this.dialog.open(SetPassword, options);
    await firstValueFrom(opened.afterClosed());
    this.tokensChanged.emit();
  }

  protected liftThrottle(): Promise<void> {
    const { name } = this.user();
    return this.act(null, async () => {
      await firstValueFrom(this.api.liftThrottle(name));
      this.notifier.success(this.t().userPage.throttleLifted(name));
    });
  }

  protected revokeTokens(): Promise<void> {
    const { name } = this.user();
    return this.act(revokeTokensQuestion(this.user(), this.isSelf(), this.t()), async () => {
      const effectiveBy = await firstValueFrom(this.api.revokeTokens(name));
      this.notifier.revoked(this.t().userPage.tokensRevoked(name), effectiveBy);
      this.finish(() => this.tokensChanged.emit());
    });
  }

  protected async delete(): Promise<void> {
    const user = this.user();
    const { name } = user;
    let descendants: number | undefined;
    await this.act(null, async () => {
      descendants = (await firstValueFrom(this.api.deletionDryRun(name))).descendantCount ?? 0;
    });
    if (descendants === undefined) {
      return;
    }
    const isKept = signal(false);
    await this.act(deletionQuestion(user, descendants, isKept, this.isSelf(), this.t()), async () => {
      const effectiveBy = await firstValueFrom(this.api.delete(name, isKept()));
      this.notifier.revoked(this.t().userPage.deleted(name), effectiveBy);
      this.finish(() => this.deleted.emit());
    });
  }

  /** Continues, unless the user revoked their own session. */
  private finish(next: () => void): void {
    if (this.isSelf()) {
      this.session.end('signed-out');
    } else {
      next();
    }
  }

  private undo(user: UserDto, enabled: boolean): Promise<boolean> {
    return attempt(this.notifier, async () => {
      const after = await this.edits.save(user, { enabled });
      // The page may show another user by then.
      if (after !== null && after.id === this.user().id) {
        this.changed.emit(after);
      }
    });
  }

  private async act(question: Question | null, change: () => Promise<void>): Promise<void> {
    if (this.isBusy() || (question !== null && !(await confirmed(this.dialog, question)))) {
      return;
    }
    this.isBusy.set(true);
    this.failed.emit(null);
    try {
      await change();
    } catch (error) {
      this.failed.emit(problemOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}

/** Returns the confirmation for users who disable themselves. */
function disableSelfQuestion({ userPage }: Texts): Question {
  const { heading, effect, after, action } = userPage.disableSelf;
  return { heading, consequences: [effect, after], action };
}

/** Returns the confirmation for revoking all tokens of a user. */
function revokeTokensQuestion({ name, tokenCount }: UserDto, isSelf: boolean, { userPage }: Texts): Question {
  const { heading, effect, own, after, action } = userPage.revokeTokensQuestion;
  return {
    heading: heading(name),
    consequences: [effect(tokenCount), ...(isSelf ? [own] : []), after],
    action,
  };
}

/**
 * Returns the confirmation for deleting a user, whose name has to be typed.
 *
 * @param descendants number of tokens of other users that were created with the user's tokens.
 * @param isKept whether these are kept, for the checkbox.
 */
function deletionQuestion(
  { name, tokenCount }: UserDto,
  descendants: number,
  isKept: ConfirmOption['isChecked'],
  isSelf: boolean,
  { userBulk, userPage }: Texts,
): Question {
  const { heading, effect, own, after, action } = userPage.deleteQuestion;
  return {
    heading: heading(name),
    consequences: [
      effect(tokenCount),
      ...(descendants > 0 ? [userBulk.ofOthers(descendants)] : []),
      ...(isSelf ? [own] : []),
      after,
    ],
    action,
    ...(descendants > 0 && {
      option: { label: userBulk.keep, member: 'keepDescendants', isChecked: isKept },
    }),
    typed: name,
  };
}
