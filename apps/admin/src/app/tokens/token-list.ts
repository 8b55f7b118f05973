import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { TOKEN_SORT_FIELDS, type UserTokenDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import { Notifier } from '../core/notifier';
import { problemOf } from '../core/problem';
import { Session } from '../core/session';
import { confirmed } from '../shared/confirm';
import { Face } from '../shared/face';
import { List } from '../shared/list/list';
import { ListColumn } from '../shared/list/list-column';
import { listState } from '../shared/list/list-state';
import { pagedList } from '../shared/list/paged-list';
import { sortChoices } from '../shared/list/sort-menu';
import { Time } from '../shared/time';
import { revocation } from './revocation';
import { RevokeButton } from './revoke-button';
import { tokenEnd } from './token-end';
import { TokenIdentity } from './token-identity';
import { TokensApi } from './tokens-api';

/** The person's own tokens, the session they sit in among them. */
@Component({
  selector: 'app-token-list',
  imports: [Face, List, ListColumn, RevokeButton, Time, TokenIdentity],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-list.html',
})
export class TokenList {
  private readonly api = inject(TokensApi);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly state = listState({
    sortFields: TOKEN_SORT_FIELDS,
    defaultSort: '-lastUsageTime',
    filters: {},
  });
  protected readonly list = pagedList(this.state, (query) => this.api.listOwn(query));
  protected readonly sortChoices = computed(() => sortChoices(this.t().tokens.sorts));
  protected readonly tokenEnd = tokenEnd;
  protected readonly idOf = ({ id }: UserTokenDto): string => id;
  protected readonly nameOf = ({ note, tokenPreview }: UserTokenDto): string => note ?? tokenPreview;
  /** Id of the token that this session uses. */
  protected readonly ownId = computed(() => this.session.token()?.id ?? null);

  protected async revoke(token: UserTokenDto): Promise<void> {
    const isOwn = token.id === this.ownId();
    if (!(await confirmed(this.dialog, revocation(token, isOwn, this.t())))) {
      return;
    }
    try {
      if (isOwn) {
        await this.session.signOut();
        return;
      }
      await firstValueFrom(this.api.revoke(token.id));
      this.notifier.success(this.t().tokens.revocation.done);
    } catch (error) {
      this.notifier.failure(problemOf(error));
    }
    this.list.reload();
  }
}
