import { booleanAttribute, ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';

/** Name in an audit entry, linked to its page. The Tab key reaches the link only in an open entry. */
@Component({
  selector: 'app-audit-name',
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
  styles: `
    :host {
      min-width: 0;
      font-weight: 600;
      overflow-wrap: anywhere;
    }
    /* Minimum target size (WCAG 2.5.8). */
    a {
      display: inline-block;
      min-width: 24px;
      line-height: 1.5rem;
    }
  `,
})
export class AuditName {
  readonly name = input.required<string>();
  /** Router commands of its page; `null` if there is none that the user may see. */
  readonly link = input.required<readonly string[] | null>();
  readonly isReachable = input(false, { transform: booleanAttribute });
}
