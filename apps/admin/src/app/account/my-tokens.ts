import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import { TOKEN_KINDS, TOKEN_SORT_FIELDS, type UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import { Notifier } from '../core/notifier';
import { problemOf } from '../core/problem';
import { confirmed } from '../shared/dialogs/confirm';
import type { ListFilter } from '../shared/filters/filter-chip';
import { List } from '../shared/list/list';
import { ListColumn } from '../shared/list/list-column';
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
import { AccountApi } from './account-api';

/** Tokens of the signed-in user. */
@Component({
  selector: 'app-my-tokens',
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
  templateUrl: './my-tokens.html',
  styleUrl: './my-tokens.scss',
})
export class MyTokens {
  private readonly api = inject(AccountApi);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  protected readonly changes = inject(TokenChanges);

  protected readonly t = injectTexts();
  protected readonly state = listState({
    sortFields: TOKEN_SORT_FIELDS,
    defaultSort: '-lastUsageTime',
    filters: { kind: TOKEN_KINDS },
  });
  protected readonly list = pagedList(this.state, (query) => this.api.tokens(query));
  protected readonly sortChoices = computed(() =>
    sortChoices(this.t().tokens.sorts).filter(({ sort }) => sort !== 'user'),
  );
  protected readonly filters = computed((): ListFilter[] => [
    {
      name: 'kind',
      label: this.t().tokens.filters.kind,
      options: TOKEN_KINDS.map((kind) => ({ value: kind, label: this.t().tokens.kinds[kind] })),
    },
  ]);
  protected readonly idOf = ({ id }: UserTokenDto): string => id;
  protected readonly nameOf = (token: UserTokenDto): string => tokenName(token, this.t());
  protected readonly linkOf = ({ id }: UserTokenDto): readonly string[] => ['/tokens', id];

  /** Loads the tokens again. */
  reload(): void {
    this.list.reload();
  }

  protected async revoke(token: UserTokenDto): Promise<void> {
    if (await this.changes.revoke(token)) {
      this.reload();
    }
  }

  protected async revokeOthers(): Promise<void> {
    const { heading, text, action, done } = this.t().account.revokeOthers;
    if (!(await confirmed(this.dialog, { heading, consequences: [text], action }))) {
      return;
    }
    try {
      await firstValueFrom(this.api.revokeOtherTokens(), { defaultValue: undefined });
      this.notifier.success(done);
    } catch (error) {
      this.notifier.failure(problemOf(error));
    }
    this.reload();
  }
}
