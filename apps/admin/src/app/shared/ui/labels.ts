import { ChangeDetectionStrategy, Component, input, computed } from '@angular/core';
import type { UserKind } from '@latchkey/auth-models';
import { Icon } from './icon';

/** Label such as a role, kind or state. */
@Component({
  selector: 'app-badge',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[attr.data-tone]': 'tone()' },
  template: `<ng-content />`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      max-width: 100%;
      padding: var(--space-half) var(--space-2);
      border-radius: var(--mat-sys-corner-extra-small);
      background: var(--mat-sys-surface-container-high);
      color: var(--mat-sys-on-surface-variant);
      font: 500 0.75rem/1.125rem var(--app-font);
      overflow-wrap: anywhere;
      white-space: var(--app-badge-wrapping, nowrap);
    }
    :host([data-tone='strong']) {
      background: var(--mat-sys-primary-container);
      color: var(--mat-sys-on-primary-container);
    }
    :host([data-tone='brass']) {
      background: var(--mat-sys-tertiary-container);
      color: var(--mat-sys-on-tertiary-container);
    }
    :host([data-tone='bad']) {
      background: var(--mat-sys-error-container);
      color: var(--mat-sys-on-error-container);
    }
  `,
})
export class Badge {
  readonly tone = input<'quiet' | 'strong' | 'brass' | 'bad'>('quiet');
}

const HUES = [185, 75, 255, 25, 305, 135];

/** First letter of a name on a color derived from the name. Services are square. */
@Component({
  selector: 'app-avatar',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-hidden': 'true', '[class.service]': 'kind() === "service"', '[style.--hue]': 'hue()' },
  template: `
    @if (kind() === 'service') {
      <app-icon name="service" />
    } @else {
      {{ letter() }}
    }
  `,
  styles: `
    /* Colors of one lightness and chroma. */
    :host {
      display: inline-grid;
      place-items: center;
      flex: none;
      width: 36px;
      height: 36px;
      border-radius: 50%;
      background: light-dark(oklch(0.92 0.045 var(--hue)), oklch(0.33 0.05 var(--hue)));
      color: light-dark(oklch(0.38 0.08 var(--hue)), oklch(0.88 0.07 var(--hue)));
      font: 600 0.9375rem/1 var(--app-font);
      user-select: none;
    }
    :host(.service) {
      border-radius: var(--mat-sys-corner-medium);
    }
  `,
})
export class Avatar {
  readonly name = input.required<string>();
  readonly kind = input<UserKind>('human');

  protected readonly letter = computed(() => (/[\p{L}\p{N}]/u.exec(this.name())?.[0] ?? '?').toUpperCase());
  protected readonly hue = computed(() => {
    const hash = [...this.name()].reduce(
      (sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973,
      7,
    );
    return HUES[hash % HUES.length];
  });
}
