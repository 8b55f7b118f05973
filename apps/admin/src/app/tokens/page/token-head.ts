import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { Badge } from '../../shared/badge';
import { Icon } from '../../shared/icon';
import { TokenChanges } from '../../shared/tokens/token-changes';
import { isLive, mayRotate } from '../../shared/tokens/token-end';
import { tokenNote } from '../../shared/tokens/token-name';
import { TokenStateMark } from '../../shared/tokens/token-state';
import { chosenEnd, END_DAYS } from '../end';
import type { EditToken } from './edit-token';

/** What a token is known by, how it stands, and everything that can be done to it. */
@Component({
  selector: 'app-token-head',
  imports: [Badge, Icon, MatButton, MatMenuModule, RouterLink, TokenStateMark],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-head.html',
  styleUrl: './token-head.scss',
})
export class TokenHead {
  private readonly changes = inject(TokenChanges);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);

  readonly token = input.required<UserTokenDto>();
  /** Something may have changed. */
  readonly changed = output();
  /** It was saved, and is this now. */
  readonly saved = output<UserTokenDto>();

  protected readonly t = injectTexts();
  protected readonly mayRotate = mayRotate;
  protected readonly extensions = END_DAYS.filter((days) => days >= 30);
  protected readonly isOwn = computed(() => this.token().id === this.changes.ownId());
  protected readonly note = computed(() => tokenNote(this.token(), this.t()));
  protected readonly canChange = computed(() => isLive(this.token()) && this.changes.mayChange(this.token()));

  protected async edit(): Promise<void> {
    const { EditToken: Dialog } = await import('./edit-token');
    const opened = this.dialog.open<EditToken, UserTokenDto, UserTokenDto>(Dialog, {
      data: this.token(),
      width: '560px',
      panelClass: 'app-sheet',
    });
    const saved = await firstValueFrom(opened.afterClosed());
    if (saved) {
      this.notifier.success(this.t().tokens.page.editing.saved);
      this.saved.emit(saved);
    }
  }

  protected extend(days: number): void {
    const end = chosenEnd({ kind: 'days', days }, Date.now());
    void this.changes.setEnd(this.token(), end?.instant ?? null, () => this.changed.emit());
  }

  protected switchTo(enabled: boolean): void {
    void this.changes.setEnabled(this.token(), enabled, () => this.changed.emit());
  }

  protected async revoke(): Promise<void> {
    if (await this.changes.revoke(this.token())) {
      this.changed.emit();
    }
  }
}
