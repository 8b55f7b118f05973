import { HttpClient, HttpErrorResponse } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { HealthDto, SettingDto, SettingListDto } from '@latchkey/auth-models';
import { catchError, map, type Observable, of, throwError } from 'rxjs';

/** What the server tells about itself. */
@Injectable({ providedIn: 'root' })
export class SettingsApi {
  private readonly http = inject(HttpClient);

  /** The effective configuration. */
  settings(): Observable<readonly SettingDto[]> {
    return this.http.get<SettingListDto>('/settings').pipe(map(({ items }) => items));
  }

  /** Whether the server can serve; that it cannot is an answer as well. */
  health(): Observable<HealthDto> {
    return this.http
      .get<HealthDto>('/health/ready')
      .pipe(
        catchError((error: unknown) =>
          error instanceof HttpErrorResponse && isHealth(error.error)
            ? of(error.error)
            : throwError(() => error),
        ),
      );
  }

  /** The version that the API's own document names. */
  version(): Observable<string> {
    return this.http
      .get<{ info: { version: string } }>('/openapi.json')
      .pipe(map(({ info }) => info.version));
  }
}

function isHealth(body: unknown): body is HealthDto {
  return (body as Partial<HealthDto> | null)?.status === 'unavailable';
}
