import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { type Route, RouterLink } from '@angular/router';
import type { BuiltInPermission } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import type { PageName } from '../../core/page-title';
import { Session } from '../../core/session';

/** Page for unknown addresses, and for pages that require a permission which the user does not have. */
@Component({
  selector: 'app-not-found',
  imports: [MatButton, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (missing(); as permission) {
      <p class="number" aria-hidden="true">403</p>
      <h1 tabindex="-1">{{ t().common.forbidden.heading }}</h1>
      <p class="quiet">{{ t().common.forbidden.text(permission) }}</p>
    } @else {
      <p class="number" aria-hidden="true">404</p>
      <h1 tabindex="-1">{{ t().pages.notFound }}</h1>
      <p class="quiet">{{ t().common.notFound.text }}</p>
    }
    <a matButton="tonal" routerLink="/">{{ t().common.notFound.action }}</a>
  `,
  styles: `
    :host {
      display: grid;
      justify-items: start;
      gap: var(--space-2);
      padding: 8vh 0;
    }
    .number {
      color: var(--app-accent);
      font: 700 0.9375rem/1 var(--app-mono);
      letter-spacing: 0.1em;
    }
    .quiet {
      margin-bottom: var(--space-4);
    }
  `,
})
export class NotFound {
  private readonly session = inject(Session);

  /** Permission that the address requires, from the data of the route; absent for unknown addresses. */
  readonly permission = input<BuiltInPermission>();

  protected readonly t = injectTexts();
  protected readonly missing = computed(() => {
    const permission = this.permission();
    return permission === undefined || this.session.can(permission) ? null : permission;
  });
}

/**
 * Returns the route that states which permission an address requires, for users whom `allows` sends past the
 * page itself.
 */
export function explainsMissing(path: string, permission: BuiltInPermission): Route {
  const title = (): PageName => (inject(Session).can(permission) ? 'notFound' : 'forbidden');
  return { path, children: [{ path: '**', title, component: NotFound, data: { permission } }] };
}
