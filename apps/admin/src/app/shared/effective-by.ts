import { HttpClient, type HttpResponse } from '@angular/common/http';
import { HEADERS } from '@latchkey/auth-models/lists';
import { map, type Observable } from 'rxjs';

/** Maps a response to the time by which its change is in effect everywhere. */
export const effectiveBy = map(
  ({ headers }: HttpResponse<unknown>) => headers.get(HEADERS.xAuthEffectiveBy) ?? undefined,
);

/** Deletes something and returns the time by which this is in effect everywhere. */
export function deleteEffectively(
  http: HttpClient,
  path: string,
  params: Readonly<Record<string, string | boolean>> = {},
  headers: Readonly<Record<string, string>> = {},
): Observable<string | undefined> {
  return http.delete(path, { params, headers, observe: 'response' }).pipe(effectiveBy);
}
