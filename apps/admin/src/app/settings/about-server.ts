import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { injectTexts } from '../core/language';
import { loaded } from '../shared/loaded';
import { Icon } from '../shared/ui/icon';
import { SettingsApi } from './settings-api';

/** What server this is, whether it is well, and where its API is described. */
@Component({
  selector: 'app-about-server',
  imports: [Icon, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './about-server.html',
  styleUrl: './about-server.scss',
})
export class AboutServer {
  private readonly api = inject(SettingsApi);

  protected readonly t = injectTexts();
  protected readonly health = loaded(
    () => 'health',
    () => this.api.health(),
  );
  protected readonly version = loaded(
    () => 'version',
    () => this.api.version(),
  );
  protected readonly isReady = computed(
    () => this.health.problem() === null && this.health.value()?.status === 'ok',
  );
  /** Why the server is not ready, as far as it says so. */
  protected readonly reason = computed(() => {
    const { about, healthReasons } = this.t().settings;
    if (this.health.problem() !== null) {
      return about.noResponse;
    }
    const reason = this.health.value()?.reason ?? null;
    return reason === null ? null : (healthReasons[reason] ?? reason);
  });
  /** What somebody should look at although the server is ready, and what each of it means. */
  protected readonly remarks = computed(() => {
    const { about, healthRemarks } = this.t().settings;
    const remarks = this.health.problem() === null ? (this.health.value()?.remarks ?? []) : [];
    return remarks.map((words) => ({
      text: healthRemarks[words]?.text ?? words,
      explanation: healthRemarks[words]?.explanation ?? about.remarkExplanation,
    }));
  });
}
