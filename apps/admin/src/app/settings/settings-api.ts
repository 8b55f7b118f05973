import { HttpClient, HttpErrorResponse } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { HealthDto, SettingListDto, VerifierListDto } from '@latchkey/auth-models';
import { catchError, type Observable, of, throwError } from 'rxjs';

/** Client of the endpoints about the server itself. */
@Injectable({ providedIn: 'root' })
export class SettingsApi {
  private readonly http = inject(HttpClient);

  /** Returns the effective configuration and the state of the server. */
  settings(): Observable<SettingListDto> {
    return this.http.get<SettingListDto>('/settings');
  }

  /** Returns the servers on the database, and the verifiers. */
  verifiers(): Observable<VerifierListDto> {
    return this.http.get<VerifierListDto>('/verifiers');
  }

  /** Returns the health of the server. A 503 of a server that is not ready is a value, not an error. */
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
}

function isHealth(body: unknown): body is HealthDto {
  return (body as Partial<HealthDto> | null)?.status === 'unavailable';
}
