import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { UserKind } from '@latchkey/auth-models';
import { Icon } from './icon';

const TINTS = 6;

/** The first letter of a name on a tint that stays with the name; services are square. */
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
