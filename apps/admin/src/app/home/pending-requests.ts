import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../core/language';
import { Icon } from '../shared/ui/icon';

/** Number of pending token requests, with a link to them. */
@Component({
  selector: 'app-pending-requests',
  imports: [Icon, MatButton, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="surface" aria-labelledby="pending-requests">
      <header>
        <span class="medal"><app-icon name="key" /></span>
        <h3 class="heading card-title" id="pending-requests">{{ t().offers.waiting(total()) }}</h3>
        <a
          matButton="tonal"
          routerLink="/tokens/offers"
          [attr.aria-label]="t().home.actions.of(t().offers.waitingText, t().offers.waiting(total()))"
          [queryParams]="{ state: 'requested' }"
        >
          {{ t().offers.waitingText }}
        </a>
      </header>
    </section>
  `,
  styleUrl: './inbox.scss',
})
export class PendingRequests {
  readonly total = input.required<number>();

  protected readonly t = injectTexts();
}
