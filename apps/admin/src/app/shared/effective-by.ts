import { HttpClient } from '@angular/common/http';
import { HEADERS } from '@latchkey/auth-models/lists';
import { map, type Observable } from 'rxjs';

/** Deletes something, and returns the time by which this is in effect everywhere. */
export function deleteEffectively(
  http: HttpClient,
  path: string,
  params: Record<string, string | boolean> = {},
): Observable<string | undefined> {
  return http
    .delete(path, { params, observe: 'response' })
    .pipe(map(({ headers }) => headers.get(HEADERS.xAuthEffectiveBy) ?? undefined));
}
