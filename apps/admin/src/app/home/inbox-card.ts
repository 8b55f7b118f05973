import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import type { PageDto, UserTokenDto } from '@latchkey/auth-models';
import { PAGE_SIZE_MAX } from '@latchkey/auth-models/lists';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { Time } from '../shared/time/time';
import { mayRotate, tokenName } from '../shared/tokens/token';
import { TokenChanges } from '../shared/tokens/token-changes';
import { Icon } from '../shared/ui/icon';
import { InboxActions } from './inbox-actions';
import type { InboxGroup } from './inbox-groups';

/** Card with the first tokens of a group and buttons to change one or all of them. */
@Component({
  selector: 'app-inbox-card',
  imports: [Icon, MatButton, MatIconButton, MatMenuModule, RouterLink, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './inbox-card.html',
  styleUrl: './inbox.scss',
  styles: `
    .count {
      margin-left: var(--space-2);
      font-weight: 550;
    }
    .now {
      border-color: var(--mat-sys-error);
    }
    .now .medal {
      background: var(--mat-sys-error);
      color: var(--mat-sys-on-error);
    }
    .soon .medal {
      background: var(--mat-sys-tertiary-container);
      color: var(--mat-sys-on-tertiary-container);
    }
    /* Part of a card with several groups. */
    .later {
      border-width: 1px 0 0;
      border-radius: 0;
    }
    /* One token: heading and token side by side. */
    @media (width >= 75em) {
      .single {
        display: grid;
        grid-template-columns: minmax(0, 2fr) minmax(0, 3fr);
        align-items: center;
      }
      .single header {
        flex-wrap: nowrap;
        padding-block: var(--space-3);
      }
      .single li {
        border-top: 0;
      }
    }
    @media (width < 37.5em) {
      header [matIconButton] {
        margin-left: auto;
      }
    }
  `,
})
export class InboxCard {
  protected readonly actions = inject(InboxActions);
  private readonly changes = inject(TokenChanges);
  private readonly session = inject(Session);

  /** Whether the user can hide tokens. Users who see only their own tokens cannot. */
  protected readonly canHide = (['tokens:read', 'tokens:write'] as const).every((permission) =>
    this.session.can(permission),
  );

  readonly group = input.required<InboxGroup>();
  readonly page = input.required<PageDto<UserTokenDto>>();

  protected readonly t = injectTexts();
  protected readonly isBusy = signal(false);
  protected readonly nameOf = (token: UserTokenDto): string => tokenName(token, this.t());
  protected readonly texts = computed(() => this.t().home.groups[this.group().name]);
  /** Whether the group is one token, which takes a single line with the heading. */
  protected readonly isSingle = computed(() => this.page().total === 1);
  /** Label of the action on one token; `null` if there is none. */
  protected readonly action = computed(() => {
    const { action } = this.group();
    return action === null ? null : this.t().home.actions.one[action];
  });
  /** Whether _Rotate_ is a button instead of a menu item, because it also postpones the expiry. */
  protected readonly hasRotateButton = computed(() => this.group().urgency === 'soon');
  /** Label of the action on all tokens; `null` for a single token, whose row has the button. */
  protected readonly actionOnAll = computed(() => {
    const { action } = this.group();
    return action === null || this.isSingle()
      ? null
      : this.t().home.actions.all[action](this.changeableCount());
  });
  /** Number of tokens that one click can change. */
  private readonly changeableCount = computed(() => {
    const { total } = this.page();
    return this.group().action === 'setExpiry' ? Math.min(total, PAGE_SIZE_MAX) : total;
  });
  protected readonly canChangeAll = computed(() => this.page().items.every((token) => this.canChange(token)));

  protected canChange(token: UserTokenDto): boolean {
    return this.changes.mayChange(token);
  }

  /** Returns the time that explains why the token is in the group. */
  protected factOf(token: UserTokenDto): { label: string; instant: string | null } {
    const { facts } = this.t().home;
    switch (this.group().name) {
      case 'verifying':
      case 'expiring':
        return { label: facts.expires, instant: token.expirationTime ?? null };
      case 'leaked':
        return { label: facts.reported, instant: token.leakReportTime ?? null };
      case 'neverUsed':
        return { label: facts.created, instant: token.creationTime };
      default:
        return token.lastUsageTime === undefined
          ? { label: facts.neverUsed, instant: null }
          : { label: facts.lastUsed, instant: token.lastUsageTime };
    }
  }

  protected canRotate(token: UserTokenDto): boolean {
    return mayRotate(token) && this.canChange(token);
  }

  protected async whileBusy(change: Promise<void>): Promise<void> {
    this.isBusy.set(true);
    await change.finally(() => this.isBusy.set(false));
  }
}
