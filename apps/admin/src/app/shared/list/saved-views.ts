import { inject, Injectable } from '@angular/core';
import { BrowserStorage } from '../../core/browser-storage';
import { Session } from '../../core/session';
import { HIDDEN_PARAMETER } from './list-layout';
import { listParameters, type ListQuery } from './list-state';

/** Maximum number of views of a list. */
export const VIEWS_MAX = 20;

/** Maximum length of a view's name. */
export const VIEW_NAME_MAX = 40;

/** More than the longest allowed search and filters take. */
const PARAMETERS_MAX = 16_000;

/** Search, filters, order and columns of a list under a name. */
export interface SavedView {
  readonly name: string;
  /** Query string of the list's URL. */
  readonly parameters: string;
}

/** Views of lists, kept in this browser for the signed-in user. */
@Injectable({ providedIn: 'root' })
export class SavedViews {
  private readonly storage = inject(BrowserStorage);
  private readonly session = inject(Session);

  read(list: string): SavedView[] {
    return parseViews(this.storage.read(this.key(list)));
  }

  write(list: string, views: readonly SavedView[]): void {
    this.storage.write(this.key(list), JSON.stringify(views));
  }

  private key(list: string): string {
    return `latchkey-views-${list}-${this.session.user()?.name ?? ''}`;
  }
}

/** Reads stored views. Ignores invalid ones. */
export function parseViews(text: string | null): SavedView[] {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '');
  } catch {
    return [];
  }
  const views = Array.isArray(stored) ? stored.filter(isView) : [];
  return withUniqueNames(views).slice(0, VIEWS_MAX);
}

/** Returns the query string of a view with the current parameters of a list. The page is not part of a view. */
export function viewParameters(query: ListQuery, hidden: string): string {
  const { page: _page, size: _size, ...parameters } = listParameters(query);
  return new URLSearchParams({ ...parameters, [HIDDEN_PARAMETER]: hidden }).toString();
}

/** Returns the query parameters that open a view: `null` removes those of the list that the view does not set. */
export function viewQuery(view: SavedView, { filters }: ListQuery): Record<string, string | null> {
  const names = ['q', 'page', 'size', 'sort', HIDDEN_PARAMETER, ...Object.keys(filters)];
  return {
    ...Object.fromEntries(names.map((name) => [name, null])),
    ...Object.fromEntries(new URLSearchParams(view.parameters)),
  };
}

/** Adds a view, or replaces the one with its name. */
export function withView(views: readonly SavedView[], view: SavedView): SavedView[] {
  const others = views.filter(({ name }) => name !== view.name);
  return [...others, view].sort((one, other) => one.name.localeCompare(other.name)).slice(0, VIEWS_MAX);
}

function isView(view: unknown): view is SavedView {
  const { name, parameters } = (view ?? {}) as Partial<Record<keyof SavedView, unknown>>;
  return (
    typeof name === 'string' &&
    name.trim() !== '' &&
    name.length <= VIEW_NAME_MAX &&
    typeof parameters === 'string' &&
    parameters.length <= PARAMETERS_MAX
  );
}

function withUniqueNames(views: readonly SavedView[]): SavedView[] {
  return [...new Map(views.map(({ name, parameters }) => [name, { name, parameters }])).values()];
}
