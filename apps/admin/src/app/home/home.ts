import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { loaded } from '../shared/loaded';
import { ErrorState } from '../shared/ui/error-state';
import { StaleNotice } from '../shared/ui/stale-notice';
import { Figures } from './figures';
import { HomeApi } from './home-api';
import { Inbox } from './inbox';
import { LoginChart } from './login-chart';
import { Welcome } from './welcome';

/** The first page: what needs somebody, and how the server is doing. */
@Component({
  selector: 'app-home',
  imports: [Figures, Inbox, LoginChart, StaleNotice, ErrorState, Welcome],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './home.html',
  styleUrl: './home.scss',
})
export class Home {
  private readonly api = inject(HomeApi);
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly hasStats = computed(() => this.session.can('stats:read'));
  protected readonly stats = loaded(
    () => (this.hasStats() ? 'stats' : null),
    () => this.api.stats(),
  );
  /** Whether it is not known yet if somebody is greeted: until then nothing is shown that would have to make room. */
  protected readonly isWaiting = computed(
    () => this.hasStats() && this.stats.value() === undefined && this.stats.problem() === null,
  );
  /** Why the figures that are shown may be out of date. */
  protected readonly outOfDate = computed(() =>
    this.stats.value() === undefined ? null : this.stats.problem(),
  );
  /** Whether nobody has begun to use the server yet: a single user, and no API token. */
  protected readonly isNew = computed(() => {
    const { users, tokens } = this.stats.value() ?? {};
    return users?.total === 1 && tokens?.api === 0;
  });
}
