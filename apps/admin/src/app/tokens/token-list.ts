import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { UserTokenDto } from '@latchkey/auth-models';
import { TOKEN_SORT_FIELDS } from '@latchkey/auth-models/lists';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { ListPresets } from '../shared/filters/list-presets';
import { ListSelection } from '../shared/list/list-selection';
import { listState } from '../shared/list/list-state';
import { pagedList } from '../shared/list/paged-list';
import { TokenTable } from '../shared/tokens/token-table';
import { Icon } from '../shared/ui/icon';
import { PageHeader } from '../shared/ui/page';
import { TokenBulkActions } from './token-bulk-actions';
import { TOKEN_FILTERS, tokenFilters, tokenPresets } from './token-filters';
import { TokensApi } from './tokens-api';

/** Page of all tokens the user may see: those of all users with the permission, otherwise their own. */
@Component({
  selector: 'app-token-list',
  imports: [Icon, ListPresets, MatButton, PageHeader, RouterLink, TokenBulkActions, TokenTable],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <app-page-header [heading]="heading()" [lead]="seesAll() ? t().tokens.lead : t().tokens.own.lead">
      <a matButton="tonal" routerLink="/tokens/offers">{{ t().pages.offers }}</a>
      <a matButton="filled" routerLink="/tokens/new">
        <app-icon matButtonIcon name="plus" />{{ t().pages.newToken }}
      </a>
    </app-page-header>

    <app-list-presets [presets]="presets()" [state]="state" [label]="t().tokens.presets.label" />

    <app-token-table
      path="/tokens"
      [hasOwners]="seesAll()"
      [list]="list"
      [state]="state"
      [label]="heading()"
      [filters]="filters()"
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
})
export class TokenList {
  private readonly api = inject(TokensApi);
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly state = listState({
    sortFields: TOKEN_SORT_FIELDS,
    defaultSort: '-lastUsageTime',
    filters: TOKEN_FILTERS,
  });
  protected readonly list = pagedList(this.state, (query) => this.api.list(query));
  protected readonly selection = new ListSelection(this.list, this.state, ({ id }: UserTokenDto) => id);

  protected readonly seesAll = computed(() => this.session.can('tokens:read'));
  protected readonly canSelect = computed(() => !this.seesAll() || this.session.can('tokens:write'));
  protected readonly heading = computed(() =>
    this.seesAll() ? this.t().pages.tokens : this.t().tokens.own.heading,
  );
  protected readonly presets = computed(() => {
    const presets = tokenPresets(this.t());
    return this.seesAll() ? presets : presets.filter(({ name }) => name !== 'ownerDisabled');
  });
  protected readonly filters = computed(() =>
    tokenFilters(this.state.query().filters, this.seesAll(), this.t()),
  );

  protected refresh(): void {
    this.selection.clear();
    this.list.reload();
  }
}
