import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatSelectModule } from '@angular/material/select';
import { USER_KINDS, USER_SORT_FIELDS, type UserDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { MESSAGES } from '../core/messages';
import { Notifier } from '../core/notifier';
import { Session } from '../core/session';
import { Face } from '../shared/face';
import { Icon } from '../shared/icon';
import { ListFrame } from '../shared/list-frame';
import { ListLine } from '../shared/list-line';
import { listState } from '../shared/list-state';
import { narrowScreen } from '../shared/narrow-screen';
import { pagedList } from '../shared/paged-list';
import { SearchField } from '../shared/search-field';
import type { SortChoice } from '../shared/sort-menu';
import { UserCards } from './user-cards';
import { UserTable } from './user-table';
import { UsersApi } from './users-api';

const SORT_CHOICES: readonly SortChoice[] = [
  { sort: 'name', label: MESSAGES.sorts.users.name },
  { sort: '-name', label: MESSAGES.sorts.users['-name'] },
  { sort: '-lastLoginTime', label: MESSAGES.sorts.users['-lastLoginTime'] },
  { sort: 'lastLoginTime', label: MESSAGES.sorts.users.lastLoginTime },
  { sort: '-creationTime', label: MESSAGES.sorts.users['-creationTime'] },
];

/** All users: searched, filtered, sorted and turned page by page at the server. */
@Component({
  selector: 'app-user-list',
  imports: [
    Face,
    Icon,
    ListFrame,
    ListLine,
    MatButton,
    MatFormFieldModule,
    MatSelectModule,
    SearchField,
    UserCards,
    UserTable,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './user-list.html',
})
export class UserList {
  private readonly api = inject(UsersApi);
  private readonly dialog = inject(MatDialog);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  protected readonly state = listState({
    sortFields: USER_SORT_FIELDS,
    defaultSort: 'name',
    filters: { kind: USER_KINDS, enabled: ['true', 'false'], neverLoggedIn: ['true'] },
  });
  protected readonly list = pagedList(this.state, (query) => this.api.list(query));
  protected readonly canCreate = computed(() => this.session.can('users:write'));
  protected readonly isNarrow = narrowScreen();
  protected readonly sortChoices = SORT_CHOICES;

  protected async createUser(): Promise<void> {
    const { CreateUser } = await import('./create-user');
    const opened = this.dialog.open<InstanceType<typeof CreateUser>, void, UserDto>(CreateUser, {
      width: '560px',
      panelClass: 'app-sheet',
      autoFocus: 'input[formControlName=name]',
    });
    const user = await firstValueFrom(opened.afterClosed());
    if (user !== undefined) {
      this.notifier.success(MESSAGES.notices.userCreated(user.name));
      this.list.reload();
    }
  }
}
