import { ChangeDetectionStrategy, Component, computed, input, output } from '@angular/core';
import { MatSortModule } from '@angular/material/sort';
import { MatTableModule } from '@angular/material/table';
import type { UserDto } from '@latchkey/auth-models';
import { sortOrder, sortParameter } from '../shared/sort-order';
import { Time } from '../shared/time';
import { UserIdentity } from './user-identity';
import { UserRoles } from './user-roles';
import { UserStatus } from './user-status';

/** Users as rows. */
@Component({
  selector: 'app-user-table',
  imports: [MatSortModule, MatTableModule, Time, UserIdentity, UserRoles, UserStatus],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './user-table.html',
  styleUrl: './user-table.scss',
})
export class UserTable {
  readonly users = input.required<readonly UserDto[]>();
  /** The `sort` parameter the users are in the order of. */
  readonly sort = input.required<string>();
  readonly sortChange = output<string>();

  protected readonly columns = ['name', 'roles', 'enabled', 'tokenCount', 'lastLoginTime', 'creationTime'];
  protected readonly order = computed(() => sortOrder(this.sort()));
  protected readonly sortParameter = sortParameter;
  protected readonly byId = (_index: number, user: UserDto): string => user.id;
}
