import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { PageDto, OfferDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { loaded } from '../shared/loaded';
import { Icon } from '../shared/ui/icon';

/** Link to the token requests that wait for a decision, if there are any and the user may decide. */
@Component({
  selector: 'app-pending-requests',
  imports: [Icon, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (total() > 0) {
      <a class="notice plain" routerLink="/tokens/offers" [queryParams]="{ state: 'requested' }">
        <app-icon name="key" />
        <span>{{ t().offers.waiting(total()) }}: {{ t().offers.waitingText }}</span>
        <app-icon name="chevronRight" />
      </a>
    }
  `,
  styles: `
    a {
      text-decoration: none;
    }
    span {
      flex: 1;
    }
  `,
})
export class PendingRequests {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  private readonly page = loaded(
    () => (this.session.can('tokens:read') && this.session.can('tokens:write') ? 'pending' : null),
    () => this.http.get<PageDto<OfferDto>>('/offers', { params: { state: 'requested', size: 1 } }),
  );
  protected readonly total = computed(() => this.page.value()?.total ?? 0);
}
