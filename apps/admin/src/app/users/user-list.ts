import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { USER_KINDS, USER_SORT_FIELDS, type UserDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import { Notifier } from '../core/notifier';
import { Session } from '../core/session';
import { Face } from '../shared/face';
import { Icon } from '../shared/icon';
import { List } from '../shared/list/list';
import { ListColumn } from '../shared/list/list-column';
import type { ListFilter } from '../shared/list/list-filter';
import { listState } from '../shared/list/list-state';
import { pagedList } from '../shared/list/paged-list';
import { sortChoices } from '../shared/list/sort-menu';
import { Time } from '../shared/time';
import { UserIdentity } from './user-identity';
import { UserRoles } from './user-roles';
import { UserStatus } from './user-status';
import { UsersApi } from './users-api';

/** All users: searched, filtered, sorted and turned page by page at the server. */
@Component({
  selector: 'app-user-list',
  imports: [Face, Icon, List, ListColumn, MatButton, Time, UserIdentity, UserRoles, UserStatus],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './user-list.html',
})
export class UserList {
  private readonly api = inject(UsersApi);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly state = listState({
    sortFields: USER_SORT_FIELDS,
    defaultSort: 'name',
    filters: { kind: USER_KINDS, enabled: ['true', 'false'], neverLoggedIn: ['true'] },
  });
  protected readonly list = pagedList(this.state, (query) => this.api.list(query));
  protected readonly canCreate = computed(() => this.session.can('users:write'));
  protected readonly sortChoices = computed(() => sortChoices(this.t().users.sorts));
  protected readonly filters = computed((): ListFilter[] => {
    const { filters, kinds, states, neverSignedIn } = this.t().users;
    return [
      {
        name: 'kind',
        label: filters.kind,
        options: USER_KINDS.map((kind) => ({ value: kind, label: kinds[kind] })),
      },
      {
        name: 'enabled',
        label: filters.enabled,
        options: [
          { value: 'true', label: states.true },
          { value: 'false', label: states.false },
        ],
      },
      {
        name: 'neverLoggedIn',
        label: filters.neverLoggedIn,
        options: [{ value: 'true', label: neverSignedIn }],
      },
    ];
  });
  protected readonly nameOf = ({ name }: UserDto): string => name;

  protected async createUser(): Promise<void> {
    const { CreateUser } = await import('./create-user');
    const opened = this.dialog.open<InstanceType<typeof CreateUser>, void, UserDto>(CreateUser, {
      width: '560px',
      panelClass: 'app-sheet',
      autoFocus: 'input[formControlName=name]',
    });
    const user = await firstValueFrom(opened.afterClosed());
    if (user !== undefined) {
      this.notifier.success(this.t().users.created(user.name));
      this.list.reload();
    }
  }
}
