import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { Icon } from '../shared/ui/icon';

/** Days of the snoozes that the menu offers. */
const SNOOZE_DAYS = [7, 30] as const;

/** Menu of a token or a group in the inbox: snooze, acknowledge, rotate. */
@Component({
  selector: 'app-inbox-menu',
  imports: [Icon, MatIconButton, MatMenuModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (canAcknowledge || canRotate()) {
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
          @if (canAcknowledge) {
            @for (days of snoozeDays; track days) {
              <button mat-menu-item type="button" (click)="acknowledge.emit(days)">
                {{ t().home.menu.snooze(count(), days) }}
              </button>
            }
            <button mat-menu-item type="button" (click)="acknowledge.emit(undefined)">
              {{ t().home.menu.acknowledge(count()) }}
            </button>
          }
        </ng-template>
      </mat-menu>
    }
  `,
})
export class InboxMenu {
  private readonly session = inject(Session);

  /** Name of the token or the group. */
  readonly name = input.required<string>();
  /** Number of tokens. */
  readonly count = input(1);
  readonly canRotate = input(false);
  readonly isBusy = input(false);
  /** Emits the days of a snooze, or `undefined` to hide the tokens until a new event. */
  readonly acknowledge = output<number | undefined>();
  readonly rotate = output();

  protected readonly t = injectTexts();
  /** Nothing is hidden from users who see only their own tokens. */
  protected readonly canAcknowledge = ['tokens:read' as const, 'tokens:write' as const].every((permission) =>
    this.session.can(permission),
  );
  protected readonly snoozeDays = SNOOZE_DAYS;
}
