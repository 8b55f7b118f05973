import { HttpClient } from '@angular/common/http';
import { DOCUMENT, inject, Injectable } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { listParameters } from './list-parameters';
import type { ListQuery } from './list-state';

/** The types that whole lists are had in, by the end of the file's name. */
const TYPES = { csv: 'text/csv', jsonl: 'application/x-ndjson' } as const;

/** A type that whole lists are had in. */
export type ExportType = keyof typeof TYPES;

/** Saves all that a list's search and filters mean as a file, in the list's order. */
@Injectable({ providedIn: 'root' })
export class ListExport {
  private readonly http = inject(HttpClient);
  private readonly document = inject(DOCUMENT);

  /** @param path the list's address, whose last part names the file. */
  async save(path: string, query: ListQuery, type: ExportType): Promise<void> {
    const { page: _page, size: _size, ...params } = listParameters(query);
    const rows = await firstValueFrom(
      this.http.get(path, { params, headers: { Accept: TYPES[type] }, responseType: 'blob' }),
    );
    const link = this.document.createElement('a');
    link.href = URL.createObjectURL(rows);
    link.download = `${path.split('/').at(-1)}-${new Date().toISOString().slice(0, 10)}.${type}`;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
