/**
 * Which view shows which row. A row keeps its view for as long as it is shown, so that the focus and what is open in it stay;
 * one that comes takes over the view at its place from one that goes, as a new view takes much longer than new texts in it.
 */
export class RowViews {
  private ids: readonly string[] = [];
  private views: readonly number[] = [];
  private made = 0;

  /** Numbers of the views of these rows, in their order. */
  of(ids: readonly string[]): readonly number[] {
    const before = new Map(this.ids.map((id, place) => [id, this.views[place]]));
    const stay = new Set(ids.filter((id) => before.has(id)));
    const views = ids.map((id, place) => {
      const left = this.ids[place];
      const isFree = left !== undefined && !stay.has(left);
      return before.get(id) ?? (isFree ? this.views[place] : undefined) ?? this.made++;
    });
    this.ids = ids;
    this.views = views;
    return views;
  }
}
