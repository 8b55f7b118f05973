import { type ConnectedPosition, OverlayModule } from '@angular/cdk/overlay';
import { ChangeDetectionStrategy, Component, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { injectTexts } from '../../core/language';
import { Icon } from '../ui/icon';
import type { ListLayout } from './list-layout';
import type { ListState } from './list-state';
import { type HideableColumn, ViewPanel } from './view-panel';

/** Below the button, in line with its right edge, because the button stands at the right; else above. */
const POSITIONS: ConnectedPosition[] = [
  { originX: 'end', originY: 'bottom', overlayX: 'end', overlayY: 'top' },
  { originX: 'end', originY: 'top', overlayX: 'end', overlayY: 'bottom' },
];

/** Button that opens the columns and density of a list, its export and the link to it. */
@Component({
  selector: 'app-view-menu',
  imports: [Icon, MatButton, OverlayModule, ViewPanel],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      #origin="cdkOverlayOrigin"
      cdkOverlayOrigin
      matButton
      class="icon-if-narrow"
      type="button"
      aria-haspopup="dialog"
      [attr.aria-expanded]="isOpen()"
      (click)="isOpen.set(true)"
    >
      <app-icon matButtonIcon name="columns" /><span>{{ t().lists.view }}</span>
    </button>
    <ng-template
      cdkConnectedOverlay
      cdkConnectedOverlayHasBackdrop
      cdkConnectedOverlayPush
      cdkConnectedOverlayBackdropClass="cdk-overlay-transparent-backdrop"
      [cdkConnectedOverlayOrigin]="origin"
      [cdkConnectedOverlayPositions]="positions"
      [cdkConnectedOverlayOpen]="isOpen()"
      [cdkConnectedOverlayViewportMargin]="8"
      (backdropClick)="isOpen.set(false)"
      (detach)="isOpen.set(false)"
    >
      @defer (on immediate) {
        <app-view-panel [layout]="layout()" [columns]="columns()" [path]="path()" [state]="state()" />
      }
    </ng-template>
  `,
})
export class ViewMenu {
  readonly layout = input.required<ListLayout>();
  /** Columns to choose from; empty for cards, which have neither columns nor a density. */
  readonly columns = input.required<readonly HideableColumn[]>();
  /** Path of the list in the API, for the export. */
  readonly path = input.required<string>();
  readonly state = input.required<ListState>();

  protected readonly t = injectTexts();
  protected readonly positions = POSITIONS;
  protected readonly isOpen = signal(false);
}
