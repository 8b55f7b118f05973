import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { type Params, RouterLink } from '@angular/router';
import { injectTexts } from '../core/language';
import { Icon, type IconName } from '../shared/ui/icon';

/** Entry of the inbox that is not about tokens, with a link to the page where users handle it. */
@Component({
  selector: 'app-inbox-notice',
  imports: [Icon, MatButton, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="surface" [attr.aria-label]="heading()">
      <header>
        <span class="medal"><app-icon [name]="icon()" /></span>
        <h3 class="heading card-title">{{ heading() }}</h3>
        <a
          matButton="tonal"
          [routerLink]="link()"
          [attr.aria-label]="t().home.actions.of(action(), heading())"
          [queryParams]="query()"
        >
          {{ action() }}
        </a>
      </header>
    </section>
  `,
  styleUrl: './inbox.scss',
})
export class InboxNotice {
  readonly icon = input.required<IconName>();
  readonly heading = input.required<string>();
  readonly action = input.required<string>();
  readonly link = input.required<string>();
  readonly query = input.required<Params>();

  protected readonly t = injectTexts();
}
