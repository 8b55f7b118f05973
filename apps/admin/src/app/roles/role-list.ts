import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { RoleDto } from '@latchkey/auth-models';
import { ROLE_SORT_FIELDS } from '@latchkey/auth-models/lists';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { List, type RowIdentity } from '../shared/list/list';
import { ListColumn } from '../shared/list/list-column';
import { listState } from '../shared/list/list-state';
import { pagedList } from '../shared/list/paged-list';
import { roleDescription } from '../shared/roles/roles';
import { Time } from '../shared/time/time';
import { Icon } from '../shared/ui/icon';
import { Holders } from '../shared/permissions/holders';
import { PermissionBadges } from '../shared/permissions/permission-badges';
import { Badge } from '../shared/ui/labels';
import { PageHeader } from '../shared/ui/page';
import { EmptyState } from '../shared/ui/states';
import { injectRoles } from './roles-api';

/** Page with all roles. */
@Component({
  selector: 'app-role-list',
  imports: [
    Badge,
    EmptyState,
    Holders,
    Icon,
    List,
    ListColumn,
    MatButton,
    PageHeader,
    PermissionBadges,
    RouterLink,
    Time,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './role-list.html',
})
export class RoleList {
  private readonly api = injectRoles();
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly state = listState({ sortFields: ROLE_SORT_FIELDS, defaultSort: 'name', filters: {} });
  protected readonly list = pagedList(this.state, (query) => this.api.list(query));
  protected readonly canCreate = computed(() => this.session.can('roles:write'));
  protected readonly rowOf = ({ name }: RoleDto): RowIdentity => ({ id: name, name, link: ['/roles', name] });
  protected readonly descriptionOf = (role: RoleDto): string | null => roleDescription(role, this.t());
}
