import { ChangeDetectionStrategy, Component, computed, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { PageDto, UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { Icon } from '../shared/icon';
import { Time } from '../shared/time';
import { InboxActions } from './inbox-actions';
import type { InboxGroup } from './inbox-groups';

/** One reason to look at tokens: the first of them, each with what can be done about it, and what can be done about all. */
@Component({
  selector: 'app-inbox-card',
  imports: [Icon, MatButton, RouterLink, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './inbox-card.html',
  styleUrl: './inbox-card.scss',
})
export class InboxCard {
  private readonly actions = inject(InboxActions);
  private readonly session = inject(Session);

  readonly group = input.required<InboxGroup>();
  readonly page = input.required<PageDto<UserTokenDto>>();
  readonly changed = output();

  protected readonly t = injectTexts();
  protected readonly isBusy = signal(false);
  protected readonly texts = computed(() => this.t().home.groups[this.group().name]);
  /** What is done about one token. */
  protected readonly action = computed(() => this.t().home.actions[this.group().action]);
  protected readonly actionOnAll = computed(() => {
    const { extendAll, revokeAll } = this.t().home.actions;
    const { total } = this.page();
    if (total < 2) {
      return null;
    }
    switch (this.group().action) {
      case 'extend':
        return extendAll(total);
      case 'revoke':
        return revokeAll(total);
      case 'open':
        return null;
    }
  });

  /** Whether the person may change a token at all. */
  protected mayChange({ user }: UserTokenDto): boolean {
    return user === this.session.me()?.name || this.session.can('tokens:write');
  }

  protected readonly mayChangeAll = computed(() => this.page().items.every((token) => this.mayChange(token)));

  protected nameOf({ note, tokenPreview }: UserTokenDto): string {
    return note ?? tokenPreview;
  }

  /** The instant that makes a token pressing. */
  protected instantOf(token: UserTokenDto): string | undefined {
    switch (this.group().name) {
      case 'expiring':
        return token.expirationTime;
      case 'neverUsed':
        return token.creationTime;
      default:
        return token.lastUsageTime;
    }
  }

  protected actOn(token: UserTokenDto): Promise<void> {
    return this.busily(() => this.actions.actOn(token, this.group(), () => this.changed.emit()));
  }

  protected actOnAll(): Promise<void> {
    return this.busily(() => this.actions.actOnAll(this.group()));
  }

  private async busily(act: () => Promise<boolean>): Promise<void> {
    this.isBusy.set(true);
    try {
      if (await act()) {
        this.changed.emit();
      }
    } finally {
      this.isBusy.set(false);
    }
  }
}
