import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { problemOf } from '../../core/problem';
import { Icon } from '../icon';
import { narrowScreen } from '../narrow-screen';
import { type ExportType, ListExport } from './list-export';
import type { ListState } from './list-state';

/** Saves what a list shows, on all its pages, as a file. */
@Component({
  selector: 'app-export-menu',
  imports: [Icon, MatButton, MatIconButton, MatMenuModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (isNarrow()) {
      <button
        matIconButton
        type="button"
        disabledInteractive
        [attr.aria-label]="label()"
        [disabled]="isBusy()"
        [matMenuTriggerFor]="menu"
      >
        <app-icon name="download" />
      </button>
    } @else {
      <button matButton type="button" disabledInteractive [disabled]="isBusy()" [matMenuTriggerFor]="menu">
        <app-icon matButtonIcon name="download" />{{ label() }}
      </button>
    }
    <mat-menu #menu>
      <button mat-menu-item type="button" (click)="save('csv')">{{ t().lists.exportAs.csv }}</button>
      <button mat-menu-item type="button" (click)="save('jsonl')">{{ t().lists.exportAs.json }}</button>
    </mat-menu>
  `,
})
export class ExportMenu {
  private readonly lists = inject(ListExport);
  private readonly notifier = inject(Notifier);

  /** The list's address, such as `/tokens`. */
  readonly path = input.required<string>();
  readonly state = input.required<ListState>();

  protected readonly t = injectTexts();
  protected readonly isNarrow = narrowScreen();
  protected readonly isBusy = signal(false);
  protected readonly label = computed(() =>
    this.isBusy() ? this.t().lists.exporting : this.t().lists.export,
  );

  protected async save(type: ExportType): Promise<void> {
    this.isBusy.set(true);
    try {
      await this.lists.save(this.path(), this.state().query(), type);
    } catch (error) {
      this.notifier.failure(problemOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
