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
      padding: 2px 8px;
      border-radius: 6px;
      background: var(--mat-sys-surface-container-high);
      color: var(--mat-sys-on-surface-variant);
      font: 500 12px/18px var(--app-font);
      white-space: nowrap;
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

const TINTS = 6;

/** First letter of a name on a colour derived from the name. Services are square. */
@Component({
  selector: 'app-avatar',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-hidden': 'true', '[class.service]': 'kind() === "service"', '[attr.data-tint]': 'tint()' },
  template: `
    @if (kind() === 'service') {
      <app-icon name="service" />
    } @else {
      {{ letter() }}
    }
  `,
  styleUrl: './avatar.scss',
})
export class Avatar {
  readonly name = input.required<string>();
  readonly kind = input<UserKind>('human');

  protected readonly letter = computed(() => (/[\p{L}\p{N}]/u.exec(this.name())?.[0] ?? '?').toUpperCase());
  protected readonly tint = computed(
    () =>
      [...this.name()].reduce((sum, character) => (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973, 7) %
      TINTS,
  );
}
