import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import type { PageDto, UserTokenDto } from '@latchkey/auth-models';
import { TOKEN_KINDS, TOKEN_SORT_FIELDS } from '@latchkey/auth-models/lists';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import { attempt, Notifier } from '../core/notifier';
import { confirmed } from '../shared/dialogs/confirm';
import { deleteEffectively } from '../shared/effective-by';
import { listParameters, listState } from '../shared/list/list-state';
import { pagedList } from '../shared/list/paged-list';
import { kindFilter, TokenTable } from '../shared/tokens/token-table';
import { Icon } from '../shared/ui/icon';

/** Tokens of the signed-in user. */
@Component({
  selector: 'app-my-tokens',
  imports: [Icon, MatButton, RouterLink, TokenTable],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header class="row">
      <h2 class="section-title">{{ t().tokens.own.heading }}</h2>
      <a matButton="tonal" routerLink="/tokens/new">
        <app-icon matButtonIcon name="plus" />{{ t().pages.newToken }}
      </a>
      <a matButton routerLink="/tokens/offers">{{ t().featurePages.requestToken }}</a>
      <button matButton type="button" (click)="revokeOthers()">{{ t().account.revokeOthers.action }}</button>
    </header>

    <app-token-table
      name="own-tokens"
      path="/me/tokens"
      [list]="list"
      [state]="state"
      [label]="t().tokens.own.heading"
      [filters]="filters()"
    />
  `,
  styles: `
    header {
      margin-bottom: var(--space-4);
    }
    h2 {
      flex: auto;
    }
    /* Aligns the text of the button with the left edge. */
    @media (width < 37.5em) {
      header > button {
        margin-left: calc(-1 * var(--space-3));
      }
    }
  `,
})
export class MyTokens {
  private readonly http = inject(HttpClient);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);

  protected readonly t = injectTexts();
  protected readonly state = listState({
    sortFields: TOKEN_SORT_FIELDS,
    defaultSort: '-lastUsageTime',
    filters: { kind: TOKEN_KINDS },
  });
  protected readonly list = pagedList(this.state, (query) =>
    this.http.get<PageDto<UserTokenDto>>('/me/tokens', { params: listParameters(query) }),
  );
  protected readonly filters = computed(() => [kindFilter(this.t())]);

  /** Loads the tokens again. */
  reload(): void {
    this.list.reload();
  }

  protected async revokeOthers(): Promise<void> {
    const { heading, text, action, done } = this.t().account.revokeOthers;
    if (!(await confirmed(this.dialog, { heading, consequences: [text], action }))) {
      return;
    }
    await attempt(this.notifier, async () =>
      this.notifier.revoked(done, await firstValueFrom(deleteEffectively(this.http, '/me/tokens'))),
    );
    this.reload();
  }
}
