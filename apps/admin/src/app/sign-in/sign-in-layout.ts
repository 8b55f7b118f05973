import { ChangeDetectionStrategy, Component } from '@angular/core';
import { injectTexts } from '../core/language';
import { Logo } from '../shared/ui/logo';

/** Layout of the pages before signing in: the brand on one side, the form on the other. */
@Component({
  selector: 'app-sign-in-layout',
  imports: [Logo],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <aside>
      <app-logo />
      <p class="claim">{{ t().common.product.claim }}</p>
      <svg class="art" viewBox="0 0 640 360" aria-hidden="true">
        <g class="far">
          <circle cx="150" cy="180" r="118" />
          <circle cx="150" cy="180" r="82" />
        </g>
        <g class="near">
          <circle cx="150" cy="180" r="100" />
          <circle cx="104" cy="180" r="22" />
          <path d="M246 152H640M246 208h70v34h26v-20h34v44h28v-30h30v-28h36v50h26v-36h34v18h28v-32h82" />
          <path class="groove" d="M262 180H640" />
        </g>
      </svg>
    </aside>
    <main>
      <div class="page">
        <app-logo class="small-logo" />
        <ng-content />
      </div>
    </main>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 5fr) minmax(0, 6fr);
      min-height: 100dvh;
    }
    aside {
      position: relative;
      display: flex;
      flex-direction: column;
      justify-content: space-between;
      overflow: hidden;
      padding: var(--space-10);
      background: var(--app-ink);
      color: var(--app-on-ink);
    }
    .claim {
      position: relative;
      font: 600 2.125rem/1.2 var(--app-font);
      letter-spacing: -0.025em;
      white-space: pre-line;
    }
    .art {
      position: absolute;
      top: 22%;
      left: 14%;
      width: 118%;
      fill: none;
      stroke: var(--app-brass);
      stroke-width: 2.5;
      stroke-linejoin: round;
    }
    .far {
      opacity: 0.28;
    }
    .near {
      opacity: 0.85;
    }
    .groove {
      stroke-width: 1.25;
      opacity: 0.6;
    }
    main {
      display: grid;
      place-items: center;
      padding: var(--space-8) var(--space-6);
    }
    .page {
      width: 100%;
      max-width: var(--app-sign-in-width, 392px);
    }
    .small-logo {
      display: none;
    }
    @media (width < 53.75em) {
      :host {
        display: block;
      }
      aside {
        display: none;
      }
      main {
        place-items: start center;
        padding: var(--space-10) var(--space-6);
      }
      .small-logo {
        display: inline-flex;
        margin-bottom: var(--space-16);
      }
    }
  `,
})
export class SignInLayout {
  protected readonly t = injectTexts();
}
