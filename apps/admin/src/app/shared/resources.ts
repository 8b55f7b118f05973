import { HttpClient } from '@angular/common/http';
import { inject } from '@angular/core';
import type { PageDto } from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { listParameters, type ListQuery } from './list/list-state';

/** Query parameters of a change. */
type Parameters = Readonly<Record<string, boolean>>;

/** Returns a client of the endpoints for resources with a name and a version. */
export function injectResources<T, Create, Update>(root: string) {
  const http = inject(HttpClient);
  const pathOf = (name: string): string => `${root}/${encodeURIComponent(name)}`;
  const options = (version: number, params: Parameters = {}) => ({
    headers: { 'If-Match': `"${version}"` },
    params,
  });
  return {
    /** Returns the path of a resource in the API. */
    pathOf,
    list: (query: ListQuery): Observable<PageDto<T>> =>
      http.get<PageDto<T>>(root, { params: listParameters(query) }),
    get: (name: string): Observable<T> => http.get<T>(pathOf(name)),
    create: (dto: Create): Observable<T> => http.post<T>(root, dto),
    /** Updates a resource if it still has the given version. */
    update: (name: string, change: Update, version: number, params?: Parameters): Observable<T> =>
      http.patch<T>(pathOf(name), change, options(version, params)),
    /** Deletes a resource if it still has the given version. */
    delete: (name: string, version: number, params?: Parameters): Observable<void> =>
      http.delete<void>(pathOf(name), options(version, params)),
  };
}
