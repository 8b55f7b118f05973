// Not named `.dto.ts`: the OpenAPI plugin reads those, and cannot say what `T` is. `ApiPage` documents pages.

/** A page of a list. `total` counts what matches the filters, on all pages. */
export class PageDto<T> {
  items: T[];

  /** Number of this page, from 1. */
  page: number;

  /** Most items on a page. */
  size: number;

  /** Items on all pages. */
  total: number;
}
