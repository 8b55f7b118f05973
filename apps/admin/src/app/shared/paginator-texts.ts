import { Injectable } from '@angular/core';
import { MatPaginatorIntl } from '@angular/material/paginator';
import { MESSAGES } from '../core/messages';

/** The paginator's words, from the console's own messages. */
@Injectable()
export class PaginatorTexts extends MatPaginatorIntl {
  override itemsPerPageLabel = MESSAGES.paginator.itemsPerPage;
  override firstPageLabel = MESSAGES.paginator.firstPage;
  override lastPageLabel = MESSAGES.paginator.lastPage;
  override nextPageLabel = MESSAGES.paginator.nextPage;
  override previousPageLabel = MESSAGES.paginator.previousPage;
  override getRangeLabel = (page: number, size: number, total: number): string =>
    MESSAGES.paginator.range(page * size + 1, Math.min(total, (page + 1) * size), total);
}
