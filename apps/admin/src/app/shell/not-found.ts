import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { injectTexts } from '../core/language';

/** Shown for unknown addresses, and for pages that the user has no permission to see. */
@Component({
  selector: 'app-not-found',
  imports: [MatButton, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <p class="number" aria-hidden="true">404</p>
    <h1 tabindex="-1">{{ t().common.notFound.heading }}</h1>
    <p class="quiet">{{ t().common.notFound.text }}</p>
    <a matButton="tonal" routerLink="/">{{ t().common.notFound.action }}</a>
  `,
  styles: `
    :host {
      display: grid;
      justify-items: start;
      gap: 8px;
      padding: 8vh 0;
    }
    .number {
      color: var(--app-accent);
      font: 700 15px/1 var(--app-mono);
      letter-spacing: 0.1em;
    }
    .quiet {
      margin-bottom: 16px;
    }
  `,
})
export class NotFound {
  protected readonly t = injectTexts();
}
