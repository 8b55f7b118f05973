import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { Icon } from '../shared/ui/icon';

/** Menu of a token or a group in the inbox: rotate, hide. */
@Component({
  selector: 'app-inbox-menu',
  imports: [Icon, MatIconButton, MatMenuModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (canHide || canRotate()) {
      <button
        matIconButton
        type="button"
        disabledInteractive
        [attr.aria-label]="t().home.menu.of(name())"
        [disabled]="isBusy()"
        [matMenuTriggerFor]="menu"
      >
        <app-icon name="more" />
      </button>
      <mat-menu #menu xPosition="before">
        <ng-template matMenuContent>
          @if (canRotate()) {
            <button mat-menu-item type="button" (click)="rotate.emit()">
              {{ t().tokens.rotate }}
            </button>
          }
          @if (canHide) {
            <button mat-menu-item type="button" (click)="hide.emit()">
              {{ t().home.menu.hide(count()) }}
            </button>
          }
        </ng-template>
      </mat-menu>
    }
  `,
})
export class InboxMenu {
  private readonly session = inject(Session);

  readonly name = input.required<string>();
  readonly count = input(1);
  readonly canRotate = input(false);
  readonly isBusy = input(false);
  readonly hide = output();
  readonly rotate = output();

  protected readonly t = injectTexts();
  /** Nothing is hidden from users who see only their own tokens. */
  protected readonly canHide = ['tokens:read' as const, 'tokens:write' as const].every((permission) =>
    this.session.can(permission),
  );
}
