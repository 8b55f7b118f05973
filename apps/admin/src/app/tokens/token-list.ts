import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { ListSelection } from '../shared/list/list-selection';
import { ANY, listState } from '../shared/list/list-state';
import { pagedList } from '../shared/list/paged-list';
import { TokenTable } from '../shared/tokens/token-table';
import { Icon } from '../shared/ui/icon';
import { PageHeader } from '../shared/ui/page';
import { TokenBulkActions } from './token-bulk-actions';
import { TOKEN_LIST_RULES, tokenFilters, tokenPresets } from './token-filters';
import { TokensApi } from './tokens-api';

/** Tabs of the page. */
const KINDS = ['api', 'session', 'canary', ANY] as const;

/** Page of all tokens the user may see: those of all users with the permission, otherwise their own. */
@Component({
  selector: 'app-token-list',
  imports: [Icon, MatButton, PageHeader, RouterLink, TokenBulkActions, TokenTable],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-page-header [heading]="heading()" [lead]="seesAll() ? '' : t().tokens.own.lead">
      <nav class="scroll-line" [attr.aria-label]="t().tokens.filters.kind">
        @for (kind of kinds; track kind) {
          <a
            [routerLink]="[]"
            [queryParams]="{ kind: kind === kinds[0] ? null : kind, page: null }"
            queryParamsHandling="merge"
            [attr.aria-current]="kind === kindShown() ? 'page' : null"
            >{{ t().tokens.tabs[kind] }}</a
          >
        }
      </nav>
      <a matButton="tonal" routerLink="/tokens/offers">{{ t().pages.offers }}</a>
      @if (kindShown() === 'canary') {
        <a matButton="filled" routerLink="/tokens/new/canary">
          <app-icon matButtonIcon name="plus" />{{ t().pages.newCanary }}
        </a>
      } @else {
        <a matButton="filled" routerLink="/tokens/new">
          <app-icon matButtonIcon name="plus" />{{ t().pages.newToken }}
        </a>
      }
    </app-page-header>

    <app-token-table
      path="/tokens"
      [hasOwners]="seesAll()"
      [list]="list"
      [state]="state"
      [label]="heading()"
      [filters]="filters()"
      [presets]="presets()"
      [emptyText]="kindShown() === 'canary' ? t().tokens.noCanaries : ''"
      [selection]="canSelect() ? selection : null"
    >
      <app-token-bulk-actions
        ngProjectAs="[listActions]"
        [selection]="selection"
        [rows]="list.rows()"
        (changed)="refresh()"
      />
    </app-token-table>
  `,
  styles: `
    nav {
      gap: var(--space-1);
    }
    nav a {
      padding: var(--space-2) var(--space-3);
      border-bottom: 2px solid transparent;
      color: var(--mat-sys-on-surface-variant);
      font: 550 0.875rem/1.375rem var(--app-font);
      text-decoration: none;
    }
    nav a:hover {
      color: var(--mat-sys-on-surface);
    }
    nav a[aria-current] {
      border-color: var(--mat-sys-primary);
      color: var(--mat-sys-primary);
    }
  `,
})
export class TokenList {
  private readonly api = inject(TokensApi);
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly state = listState(TOKEN_LIST_RULES);
  protected readonly list = pagedList(this.state, (query) => this.api.list(query));
  protected readonly selection = new ListSelection(this.list, this.state, ({ id }: UserTokenDto) => id);

  protected readonly seesAll = computed(() => this.session.can('tokens:read'));
  protected readonly canSelect = computed(() => !this.seesAll() || this.session.can('tokens:write'));
  protected readonly heading = computed(() =>
    this.seesAll() ? this.t().pages.tokens : this.t().tokens.own.heading,
  );
  protected readonly kinds = KINDS;
  protected readonly kindShown = computed(() => this.state.query().filters['kind'] ?? ANY);
  protected readonly presets = computed(() => tokenPresets(this.seesAll(), this.t()));
  protected readonly filters = computed(() =>
    tokenFilters(
      this.state.query().filters,
      { seesAll: this.seesAll(), seesRoles: this.session.can('roles:read') },
      this.t(),
    ),
  );

  protected refresh(): void {
    this.selection.clear();
    this.list.reload();
  }
}
