// Not named `.dto.ts`: the OpenAPI plugin reads those, and cannot say what `T` is. `ApiCursorPage` documents pages.

/** A page of a list that is read on by cursor, as `Link` says. */
export class CursorPageDto<T> {
  items: T[];

  /** Most items on a page. */
  size: number;
}
