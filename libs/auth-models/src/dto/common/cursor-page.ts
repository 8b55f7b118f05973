// Not named `.dto.ts`, because the OpenAPI plugin cannot describe `T`. `ApiCursorPage` documents pages.

/** Page of a list with cursors. The `Link` header leads to the next page. */
export class CursorPageDto<T> {
  items: T[];

  /** Maximum number of items on a page. */
  size: number;
}
