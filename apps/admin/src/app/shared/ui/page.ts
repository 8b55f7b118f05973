import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from './icon';

/** Header of a page: its heading, a sentence below, and projected actions on the right. */
@Component({
  selector: 'app-page-header',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div>
      <h1 tabindex="-1">{{ heading() }}</h1>
      @if (lead(); as lead) {
        <p>{{ lead }}</p>
      }
    </div>
    <ng-content />
  `,
})
export class PageHeader {
  readonly heading = input.required<string>();
  readonly lead = input('');
}

/** Link to the parent page, above the heading. */
@Component({
  selector: 'app-back-link',
  imports: [Icon, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<a [routerLink]="to()"><app-icon name="chevronLeft" /><ng-content /></a>`,
  styles: `
    a {
      display: inline-flex;
      align-items: center;
      gap: var(--space-1);
      margin: -8px 0 var(--space-3) -6px;
      padding: var(--space-1) var(--space-2) var(--space-1) 0;
      color: var(--mat-sys-on-surface-variant);
      font-size: 0.8125rem;
      text-decoration: none;

      --app-icon-size: 18px;
    }
    a:hover {
      color: var(--mat-sys-on-surface);
    }
  `,
})
export class BackLink {
  readonly to = input.required<string>();
}

/** Name with a link to its page, if there is one that the user may see. */
@Component({
  selector: 'app-name-link',
  imports: [RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (link(); as link) {
      <a class="subtle-link" [attr.tabindex]="isReachable() ? null : -1" [routerLink]="link"
        ><bdi>{{ name() }}</bdi></a
      >
    } @else {
      <bdi>{{ name() }}</bdi>
    }
  `,
})
export class NameLink {
  readonly name = input.required<string>();
  /** Router commands of the page; `null` without a link. */
  readonly link = input.required<readonly string[] | null>();
  /** Whether the Tab key reaches the link. */
  readonly isReachable = input(true);
}

/** One term of a `<dl class="facts">` with its projected value. */
@Component({
  // eslint-disable-next-line @angular-eslint/component-selector -- a dl may contain a div, no custom element
  selector: 'div[appFact]',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <dt>{{ appFact() }}</dt>
    <dd><ng-content /></dd>
  `,
})
export class Fact {
  readonly appFact = input.required<string>();
}
