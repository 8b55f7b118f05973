import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, DOCUMENT, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { Icon } from '../ui/icon';
import { listParameters, type ListState } from './list-state';

/** Media types of exports by file extension. */
const TYPES = { csv: 'text/csv', jsonl: 'application/x-ndjson' } as const;

@Component({
  selector: 'app-export-menu',
  imports: [Icon, MatButton, MatMenuModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <button
      matButton
      class="icon-if-narrow"
      type="button"
      disabledInteractive
      [disabled]="isBusy()"
      [matMenuTriggerFor]="menu"
    >
      <app-icon matButtonIcon name="download" /><span>{{ label() }}</span>
    </button>
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
  protected readonly isBusy = signal(false);
  protected readonly label = computed(() =>
    this.isBusy() ? this.t().lists.exporting : this.t().lists.export,
  );

  /**
   * Saves all rows that match the search and filters. The last segment of the path becomes the name of the
   * file.
   */
  protected save(type: keyof typeof TYPES): Promise<boolean> {
    const path = this.path();
    const { page: _page, size: _size, ...params } = listParameters(this.state().query());
    const download = async () => {
      const rows = await firstValueFrom(
        this.http.get(path, { params, headers: { Accept: TYPES[type] }, responseType: 'blob' }),
      );
      const day = new Date().toISOString().slice(0, 10);
      saveFile(this.document, rows, `${path.split('/').at(-1)}-${day}.${type}`);
    };
    return attempt(this.notifier, download, this.isBusy);
  }
}

/** Saves a file from memory with the browser. */
export function saveFile(document: Document, content: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
