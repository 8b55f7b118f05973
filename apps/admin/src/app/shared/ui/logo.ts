import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'app-logo',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect class="plate" width="32" height="32" rx="9" />
      <g class="key">
        <circle cx="11" cy="16" r="4.7" />
        <path d="M15.7 16H26v4.2M21.2 16v3" />
      </g>
    </svg>
    <span>Latchkey</span>
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: var(--space-3);
      font: 650 1.1875rem/1 var(--app-font);
      letter-spacing: -0.02em;
    }
    svg {
      width: 34px;
      height: 34px;
      flex: none;
    }
    .plate {
      fill: var(--app-plate);
    }
    .key {
      fill: none;
      stroke: var(--app-brass);
      stroke-width: 2.6;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `,
})
export class Logo {}
