import { ChangeDetectionStrategy, Component, computed, DOCUMENT, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, map, take } from 'rxjs';
import { injectTexts } from './core/language';
import { problemOf, problemText } from './core/problem';
import { Session } from './core/session';
import { keepFocusWhilePressing } from './shared/focus';
import { Logo } from './shared/ui/logo';

/** Root component. Shows a splash screen until the session is restored, or the reason why it cannot be. */
@Component({
  selector: 'app-root',
  imports: [Logo, RouterOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (problem(); as problem) {
      <main class="splash">
        <app-logo />
        <h1>{{ t().common.product.unreachable }}</h1>
        <p role="alert">{{ problemText(problem, t()) }}</p>
        @if (problem.traceId; as traceId) {
          <p class="trace">{{ t().common.trace }} {{ traceId }}</p>
        }
        <button type="button" class="plain-button" (click)="retry()">{{ t().common.retry }}</button>
      </main>
    } @else if (isStarting()) {
      <div class="splash" role="status">
        <app-logo />
        <span class="visually-hidden">{{ t().common.product.starting }}</span>
      </div>
    }
    <router-outlet />
  `,
})
export class App {
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly problemText = problemText;

  private readonly hasArrived = toSignal(
    inject(Router).events.pipe(
      filter((event) => event instanceof NavigationEnd),
      take(1),
      map(() => true),
    ),
    { initialValue: false },
  );

  protected readonly problem = computed(() =>
    this.session.state() === 'unreachable' ? problemOf(this.session.error()) : null,
  );
  protected readonly isStarting = computed(() => !this.hasArrived());

  constructor() {
    keepFocusWhilePressing(inject(DOCUMENT));
  }

  protected retry(): void {
    void this.session.restore();
  }
}
