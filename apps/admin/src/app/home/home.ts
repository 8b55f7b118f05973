import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import type { StatsDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { loaded } from '../shared/loaded';
import { PageHeader } from '../shared/ui/page';
import { ErrorState, StaleNotice } from '../shared/ui/states';
import { Inbox } from './inbox';
import { LoginChart } from './login-chart';
import { ServerStats } from './server-stats';
import { Welcome } from './welcome';

/** Home page: tokens that need attention, and statistics. */
@Component({
  selector: 'app-home',
  imports: [ErrorState, Inbox, LoginChart, PageHeader, ServerStats, StaleNotice, Welcome],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-page-header [heading]="t().pages.home" [lead]="hasStats() ? t().home.lead : t().home.leadOwn" />

    @if (isLoading()) {
      <div class="stack" inert aria-hidden="true">
        <app-server-stats [stats]="undefined" />
        <div class="surface waiting"></div>
      </div>
    }
    @if (isNew()) {
      <app-welcome (requestReceived)="stats.reload()" />
    }
    <div class="stack" [hidden]="isLoading()">
      @if (inbox.staleProblem() ?? staleProblem(); as problem) {
        <app-stale-notice [problem]="problem" (retry)="inbox.refresh()" />
      }
      @if (hasStats()) {
        <app-server-stats [stats]="stats.value()" />
      }
      <app-inbox #inbox (changed)="stats.reload()" />
      @if (stats.value() === undefined && stats.problem(); as problem) {
        <div class="surface"><app-error-state [problem]="problem" (retry)="stats.reload()" /></div>
      } @else if (hasStats() && inbox.isSettled()) {
        <!-- Rendered in its own task, because it takes as long as the rest of the page. -->
        @defer (on immediate) {
          <app-login-chart [days]="stats.value()?.logins" />
        } @placeholder {
          <div class="surface chart"></div>
        }
      }
    </div>
  `,
  styles: `
    div.stack {
      gap: var(--space-6);
    }
    .stack[hidden] {
      display: none;
    }
    app-stale-notice {
      margin: 0;
    }
    .chart {
      min-height: 280px;
    }
    app-welcome {
      display: block;
      margin-bottom: var(--space-6);
    }
  `,
})
export class Home {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly hasStats = computed(() => this.session.can('stats:read'));
  protected readonly stats = loaded(
    () => (this.hasStats() ? 'stats' : null),
    () => this.http.get<StatsDto>('/stats'),
  );
  /** Hides the page until it is known whether to show the welcome, which would push the rest down. */
  protected readonly isLoading = computed(
    () => this.hasStats() && this.stats.value() === undefined && this.stats.problem() === null,
  );
  /** Why the statistics could not be reloaded. */
  protected readonly staleProblem = computed(() =>
    this.stats.value() === undefined ? null : this.stats.problem(),
  );
  /** Whether the server has a single user and no API token. */
  protected readonly isNew = computed(() => {
    const { users, tokens } = this.stats.value() ?? {};
    return users?.total === 1 && tokens?.api === 0;
  });
}
