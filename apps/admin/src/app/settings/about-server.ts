import { HttpClient, HttpErrorResponse } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { HealthDto } from '@latchkey/auth-models';
import { catchError, type Observable, of, throwError } from 'rxjs';
import { injectTexts } from '../core/language';
import { loaded } from '../shared/loaded';
import { ServerPolicy } from '../shared/server-policy';
import { Icon } from '../shared/ui/icon';
import { Fact } from '../shared/ui/page';

/** Health, version and API documentation of the server. */
@Component({
  selector: 'app-about-server',
  imports: [Fact, Icon, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './about-server.html',
  styles: `
    .facts {
      grid-template-columns: repeat(auto-fill, minmax(min(180px, 42%), 1fr));
    }
    .status {
      display: flex;
      align-items: center;
      gap: var(--space-2);
      font-weight: 550;
    }
    .good {
      color: var(--app-good);
    }
    .bad {
      color: var(--mat-sys-error);
    }
    button {
      margin: var(--space-1) 0 calc(-1 * var(--space-2)) calc(-1 * var(--space-3));
      white-space: nowrap;
    }
    strong {
      display: block;
    }
    li {
      margin-top: var(--space-3);
    }
  `,
})
export class AboutServer {
  private readonly http = inject(HttpClient);

  protected readonly t = injectTexts();
  protected readonly health = loaded(
    () => 'health',
    () => this.http.get<HealthDto>('/health/ready').pipe(catchError(healthIn)),
  );
  protected readonly policy = inject(ServerPolicy).current;
  protected readonly isReady = computed(
    () => this.health.problem() === null && this.health.value()?.status === 'ok',
  );
  /** Why the server is not ready; `null` if it does not say. */
  protected readonly reason = computed(() => {
    const { about, healthReasons } = this.t().settings;
    if (this.health.problem() !== null) {
      return about.noResponse;
    }
    const reason = this.health.value()?.reason ?? null;
    return reason === null ? null : (healthReasons[reason] ?? reason);
  });
  /** Warnings of a server that is ready. */
  protected readonly remarks = computed(() => {
    const { about, healthRemarks } = this.t().settings;
    const remarks = this.health.problem() === null ? (this.health.value()?.remarks ?? []) : [];
    return remarks.map((message) => ({
      text: healthRemarks[message]?.text ?? message,
      explanation: healthRemarks[message]?.explanation ?? about.remarkExplanation,
    }));
  });
}

/** Returns the health from a 503. A server that is not ready sends it as the body. */
function healthIn(error: unknown): Observable<HealthDto> {
  const body = error instanceof HttpErrorResponse ? (error.error as Partial<HealthDto> | null) : null;
  return body?.status === 'unavailable' ? of(body as HealthDto) : throwError(() => error);
}
