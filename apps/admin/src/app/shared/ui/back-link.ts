import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from './icon';

/** The way from a page to the one it hangs below, above its heading. */
@Component({
  selector: 'app-back-link',
  imports: [Icon, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<a [routerLink]="to()"><app-icon name="chevronLeft" /><ng-content /></a>`,
  styles: `
    :host {
      display: block;
      margin: -8px 0 12px -6px;
    }
    a {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      padding: 4px 8px 4px 0;
      border-radius: 8px;
      color: var(--mat-sys-on-surface-variant);
      font-size: 13px;
      text-decoration: none;

      --app-icon-size: 18px;
    }
    a:hover {
      color: var(--mat-sys-on-surface);
    }
    a:focus-visible {
      outline: 2px solid var(--mat-sys-primary);
    }
  `,
})
export class BackLink {
  /** Where it leads, as the router's link. */
  readonly to = input.required<string>();
}
