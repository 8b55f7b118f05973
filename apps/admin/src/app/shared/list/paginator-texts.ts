import { effect, inject, Injectable } from '@angular/core';
import { MatPaginatorIntl } from '@angular/material/paginator';
import { Language } from '../../core/language';

/** The paginator's words, in the language that is spoken. */
@Injectable()
export class PaginatorTexts extends MatPaginatorIntl {
  constructor() {
    super();
    const { texts } = inject(Language);
    effect(() => {
      const { paginator } = texts().lists;
      this.itemsPerPageLabel = paginator.itemsPerPage;
      this.firstPageLabel = paginator.firstPage;
      this.lastPageLabel = paginator.lastPage;
      this.nextPageLabel = paginator.nextPage;
      this.previousPageLabel = paginator.previousPage;
      this.getRangeLabel = (page, size, total) =>
        paginator.range(page * size + 1, Math.min(total, (page + 1) * size), total);
      this.changes.next();
    });
  }
}
