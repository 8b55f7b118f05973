import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import type { TokenState, UserTokenDto } from '@latchkey/auth-models';
import { Language } from '../../core/language';
import { exactTime } from '../time/format-time';
import { Now } from '../time/now';
import { Icon, type IconName } from '../ui/icon';
import { isInGrace } from './token';

const ICONS: Record<TokenState, IconName> = {
  active: 'done',
  expiring: 'clock',
  expired: 'expired',
  disabled: 'pause',
  revoked: 'ban',
};

/** How a token stands, told by icon, word and colour, and whether its old secret still works. */
@Component({
  selector: 'app-token-state',
  imports: [Icon, MatTooltip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[attr.data-state]': 'token().state' },
  template: `
    <span class="state"><app-icon [name]="icon()" />{{ word() }}</span>
    @if (grace(); as grace) {
      <span class="grace" [matTooltip]="grace.hint">{{ grace.words }}</span>
    }
  `,
  styleUrl: './token-state.scss',
})
export class TokenStateLabel {
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;

  readonly token = input.required<Pick<UserTokenDto, 'enabled' | 'state' | 'superseded'>>();

  protected readonly t = this.language.texts;
  protected readonly icon = computed(() => ICONS[this.token().state]);
  /** A token that is switched on and yet refused is so by its owner: what would switch it on is another button. */
  protected readonly word = computed(() => {
    const { enabled, state } = this.token();
    const { ownerDisabled, states } = this.t().tokens;
    return state === 'disabled' && enabled ? ownerDisabled : states[state];
  });
  protected readonly grace = computed(() => {
    const { superseded } = this.token();
    if (!isInGrace(superseded, this.now())) {
      return null;
    }
    const until = exactTime(superseded.until, this.language.tag());
    const { grace, graceHint } = this.t().tokens;
    return { words: grace(until.brief), hint: graceHint(until.full) };
  });
}
