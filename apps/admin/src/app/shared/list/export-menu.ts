import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, DOCUMENT, inject, input, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { problemOf } from '../../core/problem';
import { Icon } from '../ui/icon';
import { narrowScreen } from '../ui/narrow-screen';
import { listParameters, type ListState } from './list-state';

/** Media types of exports by file extension. */
const TYPES = { csv: 'text/csv', jsonl: 'application/x-ndjson' } as const;

/** Menu to export a list as a file. */
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
  private readonly http = inject(HttpClient);
  private readonly document = inject(DOCUMENT);
  private readonly notifier = inject(Notifier);

  /** Path of the list in the API, such as `/tokens`. */
  readonly path = input.required<string>();
  readonly state = input.required<ListState>();

  protected readonly t = injectTexts();
  protected readonly isNarrow = narrowScreen();
  protected readonly isBusy = signal(false);
  protected readonly label = computed(() =>
    this.isBusy() ? this.t().lists.exporting : this.t().lists.export,
  );

  /** Saves all rows that match the search and filters. The last segment of the path becomes the name of the file. */
  protected async save(type: keyof typeof TYPES): Promise<void> {
    const path = this.path();
    const { page: _page, size: _size, ...params } = listParameters(this.state().query());
    this.isBusy.set(true);
    try {
      const rows = await firstValueFrom(
        this.http.get(path, { params, headers: { Accept: TYPES[type] }, responseType: 'blob' }),
      );
      const link = this.document.createElement('a');
      link.href = URL.createObjectURL(rows);
      link.download = `${path.split('/').at(-1)}-${new Date().toISOString().slice(0, 10)}.${type}`;
      link.click();
      URL.revokeObjectURL(link.href);
    } catch (error) {
      this.notifier.failure(problemOf(error));
    } finally {
      this.isBusy.set(false);
    }
  }
}
