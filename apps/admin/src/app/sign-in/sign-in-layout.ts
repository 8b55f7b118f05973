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
  styleUrl: './sign-in-layout.scss',
})
export class SignInLayout {
  protected readonly t = injectTexts();
}
