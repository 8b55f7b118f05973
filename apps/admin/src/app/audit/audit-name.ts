import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import { RouterLink } from '@angular/router';
import { Icon } from '../shared/ui/icon';

/** A name in the audit trail, which leads to its page, with a button beside it that leaves only what concerns it. */
@Component({
  selector: 'app-audit-name',
  imports: [Icon, MatTooltip, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (link(); as link) {
      <a [routerLink]="link"
        ><bdi>{{ name() }}</bdi></a
      >
    } @else {
      <bdi class="strong">{{ name() }}</bdi>
    }
    <button type="button" [attr.aria-label]="only()" [matTooltip]="only()" (click)="chosen.emit()">
      <app-icon name="filter" />
    </button>
  `,
  styleUrl: './audit-name.scss',
})
export class AuditName {
  readonly name = input.required<string>();
  /** Where it leads; `null` where there is no page of it, or none that the person may see. */
  readonly link = input.required<readonly string[] | null>();
  /** What the button does, in words. */
  readonly only = input.required<string>();
  readonly chosen = output();
}
