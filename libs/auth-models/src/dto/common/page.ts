// Not named `.dto.ts`, because the OpenAPI plugin cannot describe `T`. `ApiPage` documents pages.

/** Page of a list. */
export class PageDto<T> {
  items: T[];

  /** Number of this page, from 1. */
  page: number;

  /** Maximum number of items on a page. */
  size: number;

  /** Number of items that match the filters, on all pages. */
  total: number;
}
