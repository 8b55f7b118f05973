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
import { MatDialog } from '@angular/material/dialog';
import { Router } from '@angular/router';
import type { UserDto, UserKind } from '@latchkey/auth-models';
import { USER_KINDS } from '@latchkey/auth-models/lists';
import { firstValueFrom } from 'rxjs';
import { Language } from '../core/language';
import { Notifier } from '../core/notifier';
import { Session } from '../core/session';
import { List, type RowIdentity } from '../shared/list/list';
import { ListColumn } from '../shared/list/list-column';
import { ListSelection } from '../shared/list/list-selection';
import { listState } from '../shared/list/list-state';
import { pagedList } from '../shared/list/paged-list';
import { loadedRoles } from '../shared/roles/roles';
import { Time } from '../shared/time/time';
import { Icon } from '../shared/ui/icon';
import { PageHeader } from '../shared/ui/page';
import { EmptyState } from '../shared/ui/states';
import { UserBulkActions } from './bulk/user-bulk-actions';
import type { NewUser } from './create/create-user';
import { USER_LIST_RULES, userFilters, userPresets } from './user-filters';
import { UserIdentity, UserRoles, UserStatus } from './user-labels';
import { UsersApi } from './users-api';

/** Page of all users. */
@Component({
  selector: 'app-user-list',
  imports: [
    EmptyState,
    Icon,
    List,
    ListColumn,
    MatButton,
    PageHeader,
    Time,
    UserBulkActions,
    UserIdentity,
    UserRoles,
    UserStatus,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './user-list.html',
})
export class UserList {
  private readonly api = inject(UsersApi);
  private readonly dialog = inject(MatDialog);
  private readonly language = inject(Language);
  private readonly notifier = inject(Notifier);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly roles = loadedRoles();

  protected readonly t = this.language.texts;
  protected readonly state = listState(USER_LIST_RULES);
  protected readonly list = pagedList(this.state, (query) => this.api.list(query));
  protected readonly rowOf = ({ name }: UserDto): RowIdentity => ({ id: name, name, link: ['/users', name] });
  protected readonly canWrite = this.session.can('users:write');
  protected readonly selection = this.canWrite
    ? new ListSelection(this.list, this.state, ({ name }: UserDto) => name)
    : null;
  protected readonly filters = userFilters(this.roles, this.state);
  protected readonly presets = computed(() => userPresets(this.t()));

  /** Query parameter: a kind of user opens the form for a new one, `import` the import. */
  readonly new = input<string>();

  constructor() {
    effect(() => {
      const name = this.new();
      const kind = USER_KINDS.find((known) => known === name);
      if (this.canWrite && (kind !== undefined || name === 'import')) {
        untracked(() => {
          this.state.replace({ new: null });
          void (kind === undefined ? this.importUsers() : this.createUser(kind));
        });
      }
    });
  }

  protected async importUsers(): Promise<void> {
    const { ImportUsers } = await this.language.withFeatureTexts(import('./import/import-users'));
    const opened = this.dialog.open<InstanceType<typeof ImportUsers>, undefined, boolean>(ImportUsers, {
      width: '640px',
      panelClass: 'app-sheet',
    });
    if (await firstValueFrom(opened.afterClosed())) {
      this.list.reload();
    }
  }

  protected async createUser(kind: UserKind = 'human'): Promise<void> {
    const { CreateUser } = await this.language.withFeatureTexts(import('./user-pages'));
    const opened = this.dialog.open<InstanceType<typeof CreateUser>, NewUser, UserDto>(CreateUser, {
      data: { kind, roles: this.roles },
      width: '560px',
      panelClass: 'app-sheet',
      autoFocus: 'input[formControlName=name]',
    });
    const user = await firstValueFrom(opened.afterClosed());
    if (user === undefined) {
      return;
    }
    this.notifier.success(this.t().users.created(user.name));
    if (user.kind === 'service' && this.session.can('tokens:write')) {
      await this.router.navigate(['/tokens/new'], { queryParams: { user: user.name } });
    } else {
      await this.router.navigate(['/users', user.name]);
    }
  }
}
