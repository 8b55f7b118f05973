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
      class="bare"
      type="button"
      [attr.aria-label]="filterLabel()"
      [matTooltip]="filterLabel()"
      (click)="filtered.emit()"
    >
      <app-icon name="filter" />
    </button>
  `,
  styles: `
    :host {
      position: relative;
      display: inline-block;
      max-width: 100%;
    }
    a,
    .strong {
      font-weight: 600;
    }
    button {
      --app-icon-size: 14px;

      position: absolute;
      top: calc(50% - 12px);
      left: calc(100% + 2px);
      display: grid;
      place-items: center;
      width: 24px;
      height: 24px;
      border-radius: 50%;
      color: var(--mat-sys-on-surface-variant);
      opacity: 0;
    }
    button:hover {
      background: var(--mat-sys-surface-container-high);
    }
    :host-context(.line:hover) button,
    button:focus-visible {
      opacity: 1;
    }
    /* Without hover or room, the details offer the filters. */
    @media (hover: none) {
      button {
        display: none;
      }
    }
    @container (max-width: 799px) {
      button {
        display: none;
      }
    }
  `,
})
export class AuditName {
  readonly name = input.required<string>();
  /** Router commands of its page; `null` if there is none that the user may see. */
  readonly link = input.required<readonly string[] | null>();
  readonly filterLabel = input.required<string>();
  readonly filtered = output();
}
