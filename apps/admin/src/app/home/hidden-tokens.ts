import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { PageDto, UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { Time } from '../shared/time/time';
import { tokenName } from '../shared/tokens/token';
import { Icon } from '../shared/ui/icon';
import { InboxActions } from './inbox-actions';

/**
 * Number of tokens that are hidden from the inbox, and on demand the tokens with a button to show them again.
 */
@Component({
  selector: 'app-hidden-tokens',
  imports: [Icon, MatButton, RouterLink, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="row">
      <span class="row quiet"><app-icon name="sleep" />{{ t().home.hidden.count(total()) }}</span>
      <button
        matButton
        type="button"
        aria-controls="hidden-tokens"
        [attr.aria-expanded]="isOpen()"
        (click)="isOpen.set(!isOpen())"
      >
        {{ isOpen() ? t().common.close : t().home.hidden.show }}
      </button>
    </div>
    @if (isOpen()) {
      <section id="hidden-tokens" class="surface" [attr.aria-label]="t().home.hidden.heading">
        <ul class="divided">
          @for (token of tokens(); track token.id) {
            <li>
              <a class="token" data-row [routerLink]="['/tokens', token.id]">
                <bdi class="name ellipsis">{{ nameOf(token) }}</bdi>
                <span class="second-line ellipsis">
                  <code>{{ token.tokenPreview }}</code> · <bdi>{{ token.user }}</bdi>
                </span>
              </a>
              <span class="fact second-line">
                @if (token.acknowledgedTime; as time) {
                  {{ t().home.hidden.since }} <app-time [instant]="time" />
                }
              </span>
              @if (canShow) {
                <button
                  matButton
                  type="button"
                  disabledInteractive
                  [attr.aria-label]="t().home.actions.of(t().home.hidden.again, nameOf(token))"
                  [disabled]="isBusy()"
                  (click)="showAgain([token])"
                >
                  {{ t().home.hidden.again }}
                </button>
              }
            </li>
          }
        </ul>
        @for (page of pages(); track page.filter) {
          @if (page.page.total > page.page.items.length) {
            <a class="all" matButton routerLink="/tokens" [queryParams]="{ kind: 'any', ...page.filter }">
              {{ t().home.showAll(page.page.total) }}
            </a>
          }
        }
        @if (canShow && total() > 1 && total() === tokens().length) {
          <button
            class="all"
            matButton
            type="button"
            disabledInteractive
            [disabled]="isBusy()"
            (click)="showAgain(tokens())"
          >
            {{ t().home.hidden.allAgain(total()) }}
          </button>
        }
      </section>
    }
  `,
  styleUrl: './inbox.scss',
  styles: `
    :host {
      display: grid;
      gap: var(--space-2);
    }
    li:first-child {
      border-top: 0;
    }
  `,
})
export class HiddenTokens {
  private readonly actions = inject(InboxActions);

  /** Tokens that are hidden, by the filter that found them. */
  readonly pages = input.required<readonly HiddenPage[]>();

  protected readonly t = injectTexts();
  protected readonly canShow = inject(Session).can('tokens:write');
  protected readonly isOpen = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly total = computed(() => this.pages().reduce((sum, { page }) => sum + page.total, 0));
  protected readonly tokens = computed(() => this.pages().flatMap(({ page }) => page.items));
  protected readonly nameOf = (token: UserTokenDto): string => tokenName(token, this.t());

  protected async showAgain(tokens: readonly UserTokenDto[]): Promise<void> {
    this.isBusy.set(true);
    await this.actions.showAgain(tokens.map(({ id }) => id)).finally(() => this.isBusy.set(false));
  }
}

export interface HiddenPage {
  readonly filter: Readonly<Record<string, string>>;
  readonly page: PageDto<UserTokenDto>;
}
