import { ChangeDetectionStrategy, Component, computed, input, inject } from '@angular/core';
import { MatTooltip } from '@angular/material/tooltip';
import type { UserTokenDto, TokenState } from '@latchkey/auth-models';
import { injectTexts, Language } from '../../core/language';
import { exactTime } from '../time/format-time';
import { Now } from '../time/now';
import { Time } from '../time/time';
import { Icon, type IconName } from '../ui/icon';
import { Badge } from '../ui/labels';
import { tokenNote, isInGrace, isUsedCanary, effectiveExpiry } from './token';

/** Note, last characters and kind of a token. */
@Component({
  selector: 'app-token-identity',
  imports: [Badge],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <span class="note" [title]="token().note ?? ''">
      @if (note(); as note) {
        <bdi>{{ note }}</bdi>
      } @else {
        <span class="quiet">{{ t().tokens.noNote }}</span>
      }
    </span>
    <span class="row">
      <code class="quiet">{{ token().tokenPreview }}</code>
      @if (isOwn()) {
        <app-badge tone="strong">{{ t().tokens.thisSession }}</app-badge>
      } @else if (showsKind()) {
        <app-badge>{{ t().tokens.kinds[token().kind] }}</app-badge>
      }
    </span>
  `,
  styles: `
    :host {
      display: grid;
      gap: var(--app-identity-gap, var(--space-1));
      min-width: 0;
    }
    /* Most notes fit into two lines. */
    .note {
      display: -webkit-box;
      overflow: hidden;
      overflow-wrap: anywhere;
      word-break: var(--app-identity-break, normal);
      -webkit-box-orient: vertical;
      -webkit-line-clamp: var(--app-identity-lines, 2);
      line-clamp: var(--app-identity-lines, 2);
    }
    .note bdi {
      font-weight: 600;
    }
    .row {
      gap: var(--space-1) var(--space-2);
    }
  `,
})
export class TokenIdentity {
  readonly token = input.required<UserTokenDto>();
  /** Whether it is the token of this session. */
  readonly isOwn = input.required<boolean>();
  /** Whether the list may contain tokens of other kinds. */
  readonly showsKind = input(true);

  protected readonly t = injectTexts();
  protected readonly note = computed(() => tokenNote(this.token(), this.t()));
}

const ICONS: Record<TokenState, IconName> = {
  active: 'done',
  expiring: 'clock',
  pending: 'clock',
  expired: 'expired',
  disabled: 'pause',
  revoked: 'ban',
};

/** State of a token as icon and word, and whether its old secret still works. */
@Component({
  selector: 'app-token-state',
  imports: [Icon, MatTooltip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '[attr.data-state]': "isUsed() ? 'used' : token().state" },
  template: `
    <span class="state"><app-icon [name]="icon()" />{{ label() }}</span>
    @if (grace(); as grace) {
      <span class="grace" [matTooltip]="grace.hint">{{ grace.text }}</span>
    }
  `,
  styles: `
    :host {
      display: grid;
      justify-items: start;
      gap: var(--space-half);
    }
    .state {
      display: inline-flex;
      align-items: center;
      gap: var(--space-1);
      white-space: nowrap;
    }
    app-icon {
      --app-icon-size: 18px;
    }
    :host([data-state='active']) app-icon {
      color: var(--app-good);
    }
    :host([data-state='expiring']) app-icon {
      color: var(--app-accent);
    }
    :host([data-state='used']),
    :host([data-state='revoked']) app-icon,
    :host([data-state='expired']) app-icon {
      color: var(--mat-sys-error);
    }
    :host([data-state='pending']) .state,
    :host([data-state='disabled']) .state,
    :host([data-state='expired']) .state,
    :host([data-state='revoked']) .state {
      color: var(--mat-sys-on-surface-variant);
    }
    .grace {
      min-width: 112px;
      color: var(--app-accent);
      font-size: 0.8125rem;
      line-height: 1.125rem;
      text-wrap: balance;
    }
  `,
})
export class TokenStateLabel {
  private readonly language = inject(Language);
  private readonly now = inject(Now).value;

  readonly token =
    input.required<Pick<UserTokenDto, 'enabled' | 'kind' | 'lastUsageTime' | 'state' | 'superseded'>>();

  protected readonly t = this.language.texts;
  protected readonly isUsed = computed(() => isUsedCanary(this.token()));
  protected readonly icon = computed(() => (this.isUsed() ? 'alert' : ICONS[this.token().state]));
  // An enabled token with the state `disabled` has a disabled owner, so enabling the token would not help.
  protected readonly label = computed(() => {
    const { enabled, state } = this.token();
    const { canaryUsed, ownerDisabled, states } = this.t().tokens;
    if (this.isUsed()) {
      return canaryUsed;
    }
    return state === 'disabled' && enabled ? ownerDisabled : states[state];
  });
  protected readonly grace = computed(() => {
    const { superseded } = this.token();
    if (!isInGrace(superseded, this.now())) {
      return null;
    }
    const { until } = superseded;
    const tag = this.language.tag();
    const { grace, graceHint } = this.t().tokens;
    return {
      text: grace(exactTime(until, tag, 'brief')),
      hint: graceHint(exactTime(until, tag, 'full')),
    };
  });
}

/** Time and address of a token's last use. */
@Component({
  selector: 'app-token-last-use',
  imports: [Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-time [instant]="token().lastUsageTime" />
    @if (token().lastUsageAddress; as address) {
      <span class="second-line">{{ address }}</span>
    }
    @if (token().lastUsageReportedBy; as name) {
      <span class="second-line"
        ><bdi>{{ t().tokenPage.use.reportedBy(name) }}</bdi></span
      >
    }
  `,
})
export class TokenLastUse {
  protected readonly t = inject(Language).texts;
  readonly token =
    input.required<Pick<UserTokenDto, 'lastUsageTime' | 'lastUsageAddress' | 'lastUsageReportedBy'>>();
}

/** Expiry of a token, and whether it depends on use. Revoked tokens have none. */
@Component({
  selector: 'app-token-expiry',
  imports: [Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (token().state === 'revoked') {
      <span class="quiet">–</span>
    } @else {
      <app-time [instant]="expiry()" />
      @if (isIdleExpiry()) {
        <span class="second-line together">{{ t().tokens.whenIdle }}</span>
      }
    }
  `,
  styles: `
    .together {
      white-space: nowrap;
    }
  `,
})
export class TokenExpiry {
  readonly token = input.required<UserTokenDto>();

  protected readonly t = injectTexts();
  protected readonly expiry = computed(() => effectiveExpiry(this.token()));
  protected readonly isIdleExpiry = computed(
    () => this.expiry() !== null && this.token().idleExpirationTime === this.expiry(),
  );
}
