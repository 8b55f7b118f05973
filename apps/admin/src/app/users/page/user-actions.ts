import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import type { UserBulkAction, UserDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { type Problem, problemOf } from '../../core/problem';
import { Session } from '../../core/session';
import { confirmed, type Question } from '../../shared/dialogs/confirm';
import { focusOrigin } from '../../shared/focus';
import { Icon } from '../../shared/ui/icon';
import { RawJson } from '../../shared/ui/raw-json';
import { bulkQuestion } from '../bulk/user-bulk-change';
import { userPath, UsersApi } from '../users-api';
import { NewCredential, type NewCredentialData } from './new-credential';
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
  private readonly isSelf = computed(() => this.user().name === this.session.user()?.name);
  protected readonly isBusy = signal(false);

  protected setEnabled(enabled: boolean): Promise<void> {
    const before = this.user();
    const action = enabled ? 'enable' : 'disable';
    return this.act(!enabled && this.isSelf() ? this.questionFor(action) : null, async () => {
      const after = await this.edits.save(before, { enabled });
      if (after !== null && !enabled && this.isSelf()) {
        this.session.end('signed-out');
      } else if (after !== null) {
        this.changed.emit(after);
        const undo = () => void this.undo(after, !enabled);
        this.notifier.undoable(this.doneText(action), undo, enabled ? undefined : after.effectiveBy);
      }
    });
  }

  protected async changeCredential(kind: NewCredentialData['kind']): Promise<void> {
    const opened = this.dialog.open<NewCredential, NewCredentialData>(NewCredential, {
      data: { user: this.user(), kind },
      width: '520px',
      restoreFocus: focusOrigin(),
    });
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
    return this.act(this.questionFor('revokeTokens'), async () => {
      const effectiveBy = await firstValueFrom(this.api.revokeTokens(this.user().name));
      this.notifier.revoked(this.doneText('revokeTokens'), effectiveBy);
      this.finish(() => this.tokensChanged.emit());
    });
  }

  protected async delete(): Promise<void> {
    const { name } = this.user();
    let descendants: number | undefined;
    await this.act(null, async () => {
      descendants = (await firstValueFrom(this.api.deletionDryRun(name))).descendantCount ?? 0;
    });
    if (descendants === undefined) {
      return;
    }
    const question = this.questionFor('delete', descendants);
    await this.act(question, async () => {
      const effectiveBy = await firstValueFrom(this.api.delete(name, question?.option?.isChecked() ?? false));
      this.notifier.revoked(this.doneText('delete'), effectiveBy);
      this.finish(() => this.deleted.emit());
    });
  }

  protected showRaw(): void {
    RawJson.open(this.dialog, userPath(this.user().name), this.user());
  }

  private questionFor(action: UserBulkAction, descendantCount?: number): Question | null {
    const user = this.user();
    const counts = { count: 1, tokenCount: user.tokenCount, descendantCount };
    return bulkQuestion({ action }, counts, [user], this.t(), this.session.user()?.name);
  }

  private doneText(action: UserBulkAction): string {
    return this.t().userBulk.done[action](this.user().name, '');
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
