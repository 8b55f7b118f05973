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
import {
  TOKEN_KINDS,
  TOKEN_SORT_FIELDS,
  TOKEN_STATES,
  type UserDto,
  type UserTokenDto,
} from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import type { ListFilter } from '../../shared/filters/filter-chip';
import { List } from '../../shared/list/list';
import { ListColumn } from '../../shared/list/list-column';
import { listState } from '../../shared/list/list-state';
import { pagedList } from '../../shared/list/paged-list';
import { sortChoices } from '../../shared/list/sort-menu';
import { Time } from '../../shared/time/time';
import { tokenName } from '../../shared/tokens/token';
import { TokenExpiry } from '../../shared/tokens/token-expiry';
import { TokenIdentity } from '../../shared/tokens/token-identity';
import { TokenLastUse } from '../../shared/tokens/token-last-use';
import { TokenStateLabel } from '../../shared/tokens/token-state';
import { EmptyState } from '../../shared/ui/empty-state';
import { Icon } from '../../shared/ui/icon';
import { tokensPath, UsersApi } from '../users-api';

/** The tokens of one user. */
@Component({
  selector: 'app-user-tokens',
  imports: [
    EmptyState,
    Icon,
    List,
    ListColumn,
    MatButton,
    RouterLink,
    Time,
    TokenExpiry,
    TokenIdentity,
    TokenStateLabel,
    TokenLastUse,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './user-tokens.html',
  styleUrl: './user-tokens.scss',
})
export class UserTokens {
  private readonly api = inject(UsersApi);
  private readonly session = inject(Session);

  readonly user = input.required<UserDto>();
  /** Raised whenever the tokens were changed elsewhere on the page. */
  readonly changes = input(0);

  protected readonly t = injectTexts();
  protected readonly canCreate = this.session.can('tokens:write');
  /** Id of the token that the person is signed in with. */
  protected readonly ownId = computed(() => this.session.token()?.id);
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
  protected readonly sortChoices = computed(() =>
    sortChoices(this.t().tokens.sorts).filter(({ sort }) => sort !== 'user'),
  );
  protected readonly filters = computed((): ListFilter[] => [
    {
      name: 'kind',
      label: this.t().tokens.filters.kind,
      options: TOKEN_KINDS.map((kind) => ({ value: kind, label: this.t().tokens.kinds[kind] })),
    },
    {
      name: 'state',
      label: this.t().tokens.filters.state,
      options: TOKEN_STATES.map((state) => ({ value: state, label: this.t().tokens.states[state] })),
    },
  ]);
  protected readonly idOf = ({ id }: UserTokenDto): string => id;
  protected readonly nameOf = (token: UserTokenDto): string => tokenName(token, this.t());
  protected readonly linkOf = ({ id }: UserTokenDto): readonly string[] => ['/tokens', id];

  constructor() {
    effect(() => {
      if (this.changes() > 0) {
        untracked(() => this.list.reload());
      }
    });
  }
}
