import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { isLive, mayRotate, tokenNote } from '../../shared/tokens/token';
import { TokenChanges } from '../../shared/tokens/token-changes';
import { TokenStateLabel } from '../../shared/tokens/token-state';
import { Badge } from '../../shared/ui/badge';
import { Icon } from '../../shared/ui/icon';
import { chosenExpiry, EXPIRY_DAYS } from '../expiry-choice';
import type { EditToken } from './edit-token';

/** What a token is known by, how it stands, and everything that can be done to it. */
@Component({
  selector: 'app-token-header',
  imports: [Badge, Icon, MatButton, MatMenuModule, RouterLink, TokenStateLabel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-header.html',
  styleUrl: './token-header.scss',
})
export class TokenHeader {
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
  protected readonly extensions = EXPIRY_DAYS.filter((days) => days >= 30);
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
    const end = chosenExpiry({ kind: 'days', days }, Date.now());
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
