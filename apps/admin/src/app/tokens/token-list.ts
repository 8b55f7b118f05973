import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { TOKEN_SORT_FIELDS, type UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { MESSAGES } from '../core/messages';
import { Notifier } from '../core/notifier';
import { problemOf } from '../core/problem';
import { Session } from '../core/session';
import { confirmed } from '../shared/confirm';
import { Face } from '../shared/face';
import { ListFrame } from '../shared/list-frame';
import { ListLine } from '../shared/list-line';
import { listState } from '../shared/list-state';
import { narrowScreen } from '../shared/narrow-screen';
import { pagedList } from '../shared/paged-list';
import { SearchField } from '../shared/search-field';
import type { SortChoice } from '../shared/sort-menu';
import { revocation } from './revocation';
import { TokenCards } from './token-cards';
import { TokenTable } from './token-table';
import { TokensApi } from './tokens-api';

const SORT_CHOICES: readonly SortChoice[] = [
  { sort: '-lastUsageTime', label: MESSAGES.sorts.tokens['-lastUsageTime'] },
  { sort: '-creationTime', label: MESSAGES.sorts.tokens['-creationTime'] },
  { sort: 'expirationTime', label: MESSAGES.sorts.tokens.expirationTime },
  { sort: 'note', label: MESSAGES.sorts.tokens.note },
];

/** The person's own tokens, the session they sit in among them. */
@Component({
  selector: 'app-token-list',
  imports: [Face, ListFrame, ListLine, SearchField, TokenCards, TokenTable],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-list.html',
})
export class TokenList {
  private readonly api = inject(TokensApi);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  protected readonly state = listState({
    sortFields: TOKEN_SORT_FIELDS,
    defaultSort: '-lastUsageTime',
    filters: {},
  });
  protected readonly list = pagedList(this.state, (query) => this.api.listOwn(query));
  protected readonly isNarrow = narrowScreen();
  protected readonly sortChoices = SORT_CHOICES;
  /** Id of the token that this session uses. */
  protected readonly ownId = computed(() => this.session.token()?.id ?? null);

  protected async revoke(token: UserTokenDto): Promise<void> {
    const isOwn = token.id === this.ownId();
    if (!(await confirmed(this.dialog, revocation(token, isOwn)))) {
      return;
    }
    try {
      if (isOwn) {
        await this.session.signOut();
        return;
      }
      await firstValueFrom(this.api.revoke(token.id));
      this.notifier.success(MESSAGES.notices.tokenRevoked);
    } catch (error) {
      this.notifier.failure(problemOf(error));
    }
    this.list.reload();
  }
}
