import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  inject,
  input,
  output,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { isLive, isRenewable, mayRotate, tokenNote } from '../../shared/tokens/token';
import { TokenStateLabel } from '../../shared/tokens/token-cells';
import { TokenChanges } from '../../shared/tokens/token-changes';
import { Icon } from '../../shared/ui/icon';
import { Badge } from '../../shared/ui/labels';
import { askForExpiry } from '../extend-tokens';
import { editToken } from './edit-token';

/** Header of the token page: name, state and actions. */
@Component({
  selector: 'app-token-header',
  imports: [Badge, Icon, MatButton, TokenStateLabel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-header.html',
  styles: `
    header {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 16px;
    }
    p {
      gap: 6px 12px;
      margin-top: 8px;
    }
    app-token-state {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 10px;
    }
  `,
})
export class TokenHeader {
  private readonly changes = inject(TokenChanges);
  private readonly destroyRef = inject(DestroyRef);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);

  readonly token = input.required<UserTokenDto>();
  /** The token may have changed and should be read again. */
  readonly changed = output();
  /** The token as it was saved. */
  readonly saved = output<UserTokenDto>();

  protected readonly t = injectTexts();
  protected readonly mayRotate = mayRotate;
  protected readonly isOwn = computed(() => this.token().id === this.changes.ownId());
  protected readonly note = computed(() => tokenNote(this.token(), this.t()));
  protected readonly canChange = computed(() => isLive(this.token()) && this.changes.mayChange(this.token()));

  /**
   * Whether the user can respond to a leak. A revoked or expired token can still have descendants that work.
   */
  protected readonly canRespond = computed(
    () => this.token().kind !== 'canary' && !this.isOwn() && this.changes.mayChange(this.token()),
  );

  protected readonly canRenew = computed(
    () => isRenewable(this.token()) && this.changes.mayChange(this.token()),
  );

  protected async edit(): Promise<void> {
    const saved = await editToken(this.dialog, this.token(), 'note');
    if (saved) {
      this.notifier.success(this.t().tokenPage.saved);
      this.saved.emit(saved);
    }
  }

  protected async respond(): Promise<void> {
    const { LeakResponse } = await import('../leak/leak-response');
    const opened = this.dialog.open<unknown, UserTokenDto>(LeakResponse, {
      data: this.token(),
      // The first field would take the focus, but it rarely needs a change.
      autoFocus: 'dialog',
      width: '840px',
      maxWidth: '100vw',
      panelClass: 'app-sheet',
    });
    // Its links leave the page.
    opened
      .afterClosed()
      .pipe(takeUntilDestroyed(this.destroyRef))
      .subscribe(() => this.changed.emit());
  }

  protected async extend(): Promise<void> {
    const expiry = await askForExpiry(this.dialog);
    if (expiry !== undefined) {
      await this.changes.setExpiry(this.token(), expiry.instant, () => this.changed.emit());
    }
  }

  protected setEnabled(enabled: boolean): void {
    void this.changes.setEnabled(this.token(), enabled, () => this.changed.emit());
  }

  protected async rotate(): Promise<void> {
    if (await this.changes.rotate(this.token())) {
      this.changed.emit();
    }
  }

  protected async revoke(): Promise<void> {
    if (await this.changes.revoke(this.token())) {
      this.changed.emit();
    }
  }
}
