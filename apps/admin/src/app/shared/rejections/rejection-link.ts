import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../../core/language';
import type { Problem } from '../../core/problem';
import { Session } from '../../core/session';

/**
 * Link to the explanation of a rejected request of the signed-in user, in a new tab, because a dialog can be
 * open.
 */
@Component({
  selector: 'app-rejection-link',
  imports: [RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (traceId(); as traceId) {
      <a target="_blank" [routerLink]="['/explanations', traceId]">{{ t().problems.why }}</a>
    }
  `,
  styles: `
    a {
      color: inherit;
    }
  `,
})
export class RejectionLink {
  private readonly session = inject(Session);

  readonly problem = input.required<Problem>();

  protected readonly t = injectTexts();
  protected readonly traceId = computed(() =>
    this.session.isSignedIn() ? this.problem().rejectionId : null,
  );
}
