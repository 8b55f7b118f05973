import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { TOKEN_SORT_FIELDS, type UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { ListPresets } from '../shared/filters/list-presets';
import { KeepFocus } from '../shared/keep-focus';
import { List } from '../shared/list/list';
import { ListColumn } from '../shared/list/list-column';
import { ListSelection } from '../shared/list/list-selection';
import { listState } from '../shared/list/list-state';
import { pagedList } from '../shared/list/paged-list';
import { sortChoices } from '../shared/list/sort-menu';
import { Time } from '../shared/time/time';
import { tokenName } from '../shared/tokens/token';
import { TokenChanges } from '../shared/tokens/token-changes';
import { TokenExpiry } from '../shared/tokens/token-expiry';
import { TokenIdentity } from '../shared/tokens/token-identity';
import { TokenLastUse } from '../shared/tokens/token-last-use';
import { TokenStateLabel } from '../shared/tokens/token-state';
import { EmptyState } from '../shared/ui/empty-state';
import { Icon } from '../shared/ui/icon';
import { TokenBulkActions } from './token-bulk-actions';
import { TOKEN_FILTERS, tokenFilters, tokenPresets } from './token-filters';
import { TokenRowActions } from './token-row-actions';
import { TokensApi } from './tokens-api';

/** Every token that the person may see: with the permission those of all users, else their own. */
@Component({
  selector: 'app-token-list',
  imports: [
    EmptyState,
    Icon,
    KeepFocus,
    List,
    ListColumn,
    ListPresets,
    MatButton,
    RouterLink,
    Time,
    TokenBulkActions,
    TokenExpiry,
    TokenIdentity,
    TokenRowActions,
    TokenStateLabel,
    TokenLastUse,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-list.html',
  styleUrl: './token-list.scss',
})
export class TokenList {
  private readonly api = inject(TokensApi);
  private readonly session = inject(Session);
  protected readonly changes = inject(TokenChanges);

  protected readonly t = injectTexts();
  protected readonly state = listState({
    sortFields: TOKEN_SORT_FIELDS,
    defaultSort: '-lastUsageTime',
    filters: TOKEN_FILTERS,
  });
  protected readonly list = pagedList(this.state, (query) => this.api.list(query));
  protected readonly idOf = ({ id }: UserTokenDto): string => id;
  protected readonly nameOf = (token: UserTokenDto): string => tokenName(token, this.t());
  protected readonly linkOf = ({ id }: UserTokenDto): string[] => ['/tokens', id];
  protected readonly selection = new ListSelection(this.list, this.state, this.idOf);

  protected readonly seesAll = computed(() => this.session.can('tokens:read'));
  protected readonly canSeeUsers = computed(() => this.session.can('users:read'));
  /** Whether every token in the list is one that the person may change. */
  protected readonly canSelect = computed(() => !this.seesAll() || this.session.can('tokens:write'));
  protected readonly heading = computed(() =>
    this.seesAll() ? this.t().tokens.heading : this.t().tokens.own.heading,
  );
  protected readonly presets = computed(() => {
    const presets = tokenPresets(this.t());
    return this.seesAll() ? presets : presets.filter(({ name }) => name !== 'ownerDisabled');
  });
  protected readonly filters = computed(() =>
    tokenFilters(this.state.query().filters, this.seesAll(), this.t()),
  );
  protected readonly sortChoices = computed(() => {
    const choices = sortChoices(this.t().tokens.sorts);
    return this.seesAll() ? choices : choices.filter(({ sort }) => sort !== 'user');
  });

  protected refresh(): void {
    this.selection.clear();
    this.list.reload();
  }
}
