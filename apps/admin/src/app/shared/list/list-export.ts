import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, DOCUMENT, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { listParameters, type ListState } from './list-state';

/** Formats by file extension. */
const FORMATS = {
  csv: { label: 'CSV', type: 'text/csv' },
  jsonl: { label: 'JSON Lines', type: 'application/x-ndjson' },
} as const;

type Extension = keyof typeof FORMATS;

/** Buttons that save the rows of a list as a file. */
@Component({
  selector: 'app-list-export',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'group', '[attr.aria-label]': 't().lists.export' },
  template: `
    <p class="small-title" aria-live="polite">{{ isBusy() ? t().lists.exporting : t().lists.export }}</p>
    @for (extension of extensions; track extension) {
      <button matButton type="button" disabledInteractive [disabled]="isBusy()" (click)="save(extension)">
        {{ formats[extension].label }}
      </button>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    button {
      min-width: 0;
      margin-left: calc(-1 * var(--space-3));
    }
    button + button {
      margin-left: 0;
    }
  `,
})
export class ListExport {
  private readonly http = inject(HttpClient);
  private readonly document = inject(DOCUMENT);
  private readonly notifier = inject(Notifier);

  /** Path of the list in the API, such as `/tokens`. */
  readonly path = input.required<string>();
  readonly state = input.required<ListState>();

  protected readonly t = injectTexts();
  protected readonly isBusy = signal(false);
  protected readonly formats = FORMATS;
  protected readonly extensions = Object.keys(FORMATS) as Extension[];

  /**
   * Saves all rows that match the search and filters. The last segment of the path becomes the name of the
   * file.
   */
  protected save(extension: Extension): Promise<boolean> {
    const path = this.path();
    const { page: _page, size: _size, ...params } = listParameters(this.state().query());
    const download = async () => {
      const rows = await firstValueFrom(
        this.http.get(path, { params, headers: { Accept: FORMATS[extension].type }, responseType: 'blob' }),
      );
      const day = new Date().toISOString().slice(0, 10);
      saveFile(this.document, rows, `${path.split('/').at(-1)}-${day}.${extension}`);
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
