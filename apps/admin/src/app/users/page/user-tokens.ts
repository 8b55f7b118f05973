import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  untracked,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { UserDto } from '@latchkey/auth-models';
import { TOKEN_KINDS, TOKEN_SORT_FIELDS, TOKEN_STATES } from '@latchkey/auth-models/lists';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { listState } from '../../shared/list/list-state';
import { pagedList } from '../../shared/list/paged-list';
import { kindFilter, stateFilter, TokenTable } from '../../shared/tokens/token-table';
import { Icon } from '../../shared/ui/icon';
import { tokensPath, UsersApi } from '../users-api';

/** The tokens of one user. */
@Component({
  selector: 'app-user-tokens',
  imports: [Icon, MatButton, RouterLink, TokenTable],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="row between">
      <h2 class="section-title">{{ t().userPage.tabs.tokens }}</h2>
      @if (canCreate) {
        <div class="row">
          <a matButton routerLink="/tokens/offers" [queryParams]="{ user: user().name }">{{
            t().pages.offers
          }}</a>
          <a matButton="tonal" routerLink="/tokens/new" [queryParams]="{ user: user().name }">
            <app-icon matButtonIcon name="plus" />{{ t().pages.newToken }}
          </a>
        </div>
      }
    </div>

    <app-token-table
      name="user-tokens"
      [path]="path()"
      [list]="list"
      [state]="state"
      [label]="t().userPage.tabs.tokens"
      [filters]="filters()"
      [emptyText]="t().userPage.noTokens"
    />
  `,
  styles: `
    .between {
      margin-bottom: var(--space-4);
    }
  `,
})
export class UserTokens {
  private readonly api = inject(UsersApi);

  readonly user = input.required<UserDto>();
  /** Count of changes to the tokens elsewhere on the page. Each change reloads the list. */
  readonly changes = input(0);

  protected readonly t = injectTexts();
  protected readonly canCreate = inject(Session).can('tokens:write');
  protected readonly state = listState({
    sortFields: TOKEN_SORT_FIELDS,
    defaultSort: '-lastUsageTime',
    filters: { kind: TOKEN_KINDS, state: TOKEN_STATES },
  });
  protected readonly list = pagedList(this.state, (query) =>
    this.api.tokens(
      untracked(() => this.user().name),
      query,
    ),
  );
  protected readonly path = computed(() => tokensPath(this.user().name));
  protected readonly filters = computed(() => [kindFilter(this.t()), stateFilter(this.t())]);

  constructor() {
    effect(() => {
      if (this.changes() > 0) {
        untracked(() => this.list.reload());
      }
    });
  }
}
