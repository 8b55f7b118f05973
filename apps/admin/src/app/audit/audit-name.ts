import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { RouterLink } from '@angular/router';
import { Icon } from '../shared/ui/icon';

/** Name of an actor or target with a link to its page and a button that filters by it. */
@Component({
  selector: 'app-audit-name',
  imports: [Icon, MatTooltip, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (link(); as link) {
      <a class="subtle-link" [routerLink]="link"
        ><bdi>{{ name() }}</bdi></a
      >
    } @else {
      <bdi class="strong">{{ name() }}</bdi>
    }
    <button
      type="button"
      [attr.aria-label]="filterLabel()"
      [matTooltip]="filterLabel()"
      (click)="filtered.emit()"
    >
      <app-icon name="filter" />
    </button>
  `,
  styleUrl: './audit-name.scss',
})
export class AuditName {
  readonly name = input.required<string>();
  /** Router commands of its page; `null` if there is none that the user may see. */
  readonly link = input.required<readonly string[] | null>();
  /** Label of the filter button. */
  readonly filterLabel = input.required<string>();
  readonly filtered = output();
}
