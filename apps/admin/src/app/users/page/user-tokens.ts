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
import { TOKEN_KINDS, TOKEN_SORT_FIELDS, type UserDto, type UserTokenDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { Badge } from '../../shared/badge';
import { Face } from '../../shared/face';
import { Icon } from '../../shared/icon';
import { List } from '../../shared/list/list';
import { ListColumn } from '../../shared/list/list-column';
import type { ListFilter } from '../../shared/list/list-filter';
import { listState } from '../../shared/list/list-state';
import { pagedList } from '../../shared/list/paged-list';
import { sortChoices } from '../../shared/list/sort-menu';
import { Time } from '../../shared/time';
import { tokensPath, UsersApi } from '../users-api';

/** The tokens of one user. */
@Component({
  selector: 'app-user-tokens',
  imports: [Badge, Face, Icon, List, ListColumn, MatButton, RouterLink, Time],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './user-tokens.html',
  styleUrl: './user-tokens.scss',
})
export class UserTokens {
  private readonly api = inject(UsersApi);

  readonly user = input.required<UserDto>();
  /** Raised whenever the tokens were changed elsewhere on the page. */
  readonly changes = input(0);

  protected readonly t = injectTexts();
  protected readonly canCreate = inject(Session).can('tokens:write');
  protected readonly state = listState({
    sortFields: TOKEN_SORT_FIELDS,
    defaultSort: '-lastUsageTime',
    filters: { kind: TOKEN_KINDS },
  });
  protected readonly list = pagedList(this.state, (query) =>
    this.api.tokens(
      untracked(() => this.user().name),
      query,
    ),
  );
  protected readonly path = computed(() => tokensPath(this.user().name));
  protected readonly sortChoices = computed(() => sortChoices(this.t().tokens.sorts));
  protected readonly filters = computed((): ListFilter[] => [
    {
      name: 'kind',
      label: this.t().users.filters.kind,
      options: TOKEN_KINDS.map((kind) => ({ value: kind, label: this.t().tokens.kinds[kind] })),
    },
  ]);
  protected readonly idOf = ({ id }: UserTokenDto): string => id;
  protected readonly nameOf = ({ note, tokenPreview }: UserTokenDto): string => note ?? tokenPreview;
  protected readonly linkOf = ({ id }: UserTokenDto): readonly string[] => ['/tokens', id];

  constructor() {
    effect(() => {
      if (this.changes() > 0) {
        untracked(() => this.list.reload());
      }
    });
  }
}
