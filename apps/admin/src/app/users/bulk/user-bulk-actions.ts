import { ChangeDetectionStrategy, Component, effect, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import type { UserDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { Language } from '../../core/language';
import { Session } from '../../core/session';
import { focusOrigin } from '../../shared/focus';
import type { ListSelection } from '../../shared/list/list-selection';
import { Icon } from '../../shared/ui/icon';
import { UserBulk } from './user-bulk';
import type { UserBulkChange } from './user-bulk-change';

/** Actions for the selected users. */
@Component({
  selector: 'app-user-bulk-actions',
  imports: [Icon, MatButton, MatMenuModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button matButton type="button" (click)="run({ action: 'enable' })">
      {{ t().users.actions.enable }}
    </button>
    <button matButton type="button" (click)="run({ action: 'disable' })">
      {{ t().users.actions.disable }}
    </button>
    <button matButton type="button" [matMenuTriggerFor]="menu">
      {{ t().pages.more }}<app-icon matButtonIcon iconPositionEnd name="chevron" />
    </button>
    <mat-menu #menu>
      <button mat-menu-item type="button" (click)="changeRole('addRole')">
        {{ t().users.actions.addRole }}
      </button>
      <button mat-menu-item type="button" (click)="changeRole('removeRole')">
        {{ t().users.actions.removeRole }}
      </button>
      @if (canRevokeTokens) {
        <button mat-menu-item type="button" (click)="run({ action: 'revokeTokens' })">
          {{ t().users.actions.revokeTokens }}
        </button>
      }
      <button mat-menu-item type="button" (click)="run({ action: 'delete' })">
        {{ t().users.actions.delete }}
      </button>
    </mat-menu>
  `,
})
export class UserBulkActions {
  private readonly bulk = inject(UserBulk);
  private readonly dialog = inject(MatDialog);
  private readonly language = inject(Language);
  /** All users shown so far, as the selection may include other pages. */
  private readonly seen = new Map<string, UserDto>();

  readonly selection = input.required<ListSelection<UserDto>>();
  readonly rows = input.required<readonly UserDto[]>();
  readonly changed = output();

  protected readonly t = this.language.texts;
  protected readonly canRevokeTokens = inject(Session).can('tokens:write');

  constructor() {
    effect(() => this.rows().forEach((user) => this.seen.set(user.name, user)));
  }

  protected async run(change: UserBulkChange): Promise<void> {
    const selection = this.selection();
    const reload = (): void => this.changed.emit();
    if (await this.bulk.run(change, selection.target(), this.users(), reload)) {
      selection.clear();
    }
  }

  protected async changeRole(action: 'addRole' | 'removeRole'): Promise<void> {
    // Read before the first await, because the menu closes then.
    const restoreFocus = focusOrigin();
    const { ChooseRole } = await this.language.withFeatureTexts(import('../user-pages'));
    const opened = this.dialog.open<InstanceType<typeof ChooseRole>, object, string>(ChooseRole, {
      data: { action, count: this.selection().count() },
      width: '480px',
      restoreFocus,
    });
    const role = await firstValueFrom(opened.afterClosed());
    if (role !== undefined) {
      await this.run({ action, role });
    }
  }

  /** Returns the selected users; `null` if some of them were never shown. */
  private users(): readonly UserDto[] | null {
    const selection = this.selection();
    const users = [...selection.ids()].map((name) => this.seen.get(name));
    const known = users.filter((user) => user !== undefined);
    return selection.isEverything() || known.length < users.length ? null : known;
  }
}
