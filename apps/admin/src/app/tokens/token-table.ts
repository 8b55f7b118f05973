import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatSortModule } from '@angular/material/sort';
import { MatTableModule } from '@angular/material/table';
import type { UserTokenDto } from '@latchkey/auth-models';
import { sortOrder, sortParameter } from '../shared/sort-order';
import { Time } from '../shared/time';
import { RevokeButton } from './revoke-button';
import { tokenEnd } from './token-end';
import { TokenIdentity } from './token-identity';

/** Tokens as rows. */
@Component({
  selector: 'app-token-table',
  imports: [MatSortModule, MatTableModule, RevokeButton, Time, TokenIdentity],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './token-table.html',
  styleUrl: './token-table.scss',
})
export class TokenTable {
  readonly tokens = input.required<readonly UserTokenDto[]>();
  /** Id of the token in use here. */
  readonly ownId = input.required<string | null>();
  /** The `sort` parameter the tokens are in the order of. */
  readonly sort = input.required<string>();
  readonly sortChange = output<string>();
  readonly revoke = output<UserTokenDto>();

  protected readonly columns = ['note', 'creationTime', 'lastUsageTime', 'expirationTime', 'actions'];
  protected readonly order = computed(() => sortOrder(this.sort()));
  protected readonly sortParameter = sortParameter;
  protected readonly tokenEnd = tokenEnd;
  protected readonly byId = (_index: number, token: UserTokenDto): string => token.id;
}
