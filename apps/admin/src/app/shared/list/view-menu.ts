import { CdkConnectedOverlay, type ConnectedPosition, OverlayModule } from '@angular/cdk/overlay';
import { NgComponentOutlet } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  inject,
  input,
  signal,
  type Type,
  viewChild,
} from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { Language } from '../../core/language';
import { Icon } from '../ui/icon';
import { narrowScreen } from '../ui/narrow-screen';
import type { ListLayout } from './list-layout';
import type { ListState } from './list-state';

/** Below the button, in line with its right edge, because the button stands at the right; else above. */
const POSITIONS: ConnectedPosition[] = [
  { originX: 'end', originY: 'bottom', overlayX: 'end', overlayY: 'top' },
  { originX: 'end', originY: 'top', overlayX: 'end', overlayY: 'bottom' },
];

/** A column that can be hidden. */
export interface HideableColumn {
  readonly name: string;
  readonly label: string;
  /** Whether narrow tables leave it out. */
  readonly isMinor?: boolean;
}

/** A further choice of a list. */
export interface ViewOption {
  readonly label: string;
  readonly isOn: boolean;
  set(isOn: boolean): void;
}

/** Button that opens the saved views, columns and density of a list. */
@Component({
  selector: 'app-view-menu',
  imports: [Icon, MatButton, MatIconButton, NgComponentOutlet, OverlayModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span #origin="cdkOverlayOrigin" cdkOverlayOrigin class="origin">
      @if (isNarrow()) {
        <button
          matIconButton
          type="button"
          aria-haspopup="dialog"
          [attr.aria-expanded]="isOpen()"
          [attr.aria-label]="t().lists.view"
          (click)="open()"
        >
          <app-icon name="columns" />
        </button>
      } @else {
        <button
          matButton
          type="button"
          aria-haspopup="dialog"
          [attr.aria-expanded]="isOpen()"
          (click)="open()"
        >
          <app-icon matButtonIcon name="columns" />{{ t().lists.view }}
        </button>
      }
    </span>
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
      <ng-container [ngComponentOutlet]="panel()" [ngComponentOutletInputs]="{ menu: this }" />
    </ng-template>
  `,
  styles: `
    .origin {
      display: inline-flex;
    }
  `,
})
export class ViewMenu {
  private readonly language = inject(Language);
  private readonly overlay = viewChild(CdkConnectedOverlay);

  /** Name of the list, for its saved views in the browser's storage. */
  readonly name = input.required<string>();
  readonly state = input.required<ListState>();
  readonly layout = input.required<ListLayout>();
  /** Columns to choose from; empty for cards, which have neither columns nor a density. */
  readonly columns = input.required<readonly HideableColumn[]>();
  readonly option = input<ViewOption>();

  protected readonly t = this.language.texts;
  protected readonly isNarrow = narrowScreen();
  protected readonly positions = POSITIONS;
  protected readonly isOpen = signal(false);
  /** Content of the menu, loaded when it is first opened. */
  protected readonly panel = signal<Type<unknown> | null>(null);

  /** Repositions the menu after its height has changed, so that all of it is visible. */
  reposition(): void {
    this.overlay()?.overlayRef?.updatePosition();
  }

  close(): void {
    this.isOpen.set(false);
  }

  protected async open(): Promise<void> {
    const { ViewPanel } = await this.language.withFeatureTexts(import('./view-panel'));
    this.panel.set(ViewPanel);
    this.isOpen.set(true);
  }
}
