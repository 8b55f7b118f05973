import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { ApiDto } from '@latchkey/auth-models';
import { API_SORT_FIELDS } from '@latchkey/auth-models/lists';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { List, type RowIdentity } from '../shared/list/list';
import { ListColumn } from '../shared/list/list-column';
import { listState } from '../shared/list/list-state';
import { pagedList } from '../shared/list/paged-list';
import { Time } from '../shared/time/time';
import { Icon } from '../shared/ui/icon';
import { PermissionBadges } from '../shared/permissions/permission-badges';
import { Badge } from '../shared/ui/labels';
import { PageHeader } from '../shared/ui/page';
import { EmptyState } from '../shared/ui/states';
import { injectApis } from './apis-api';

/** Page with all APIs. */
@Component({
  selector: 'app-api-list',
  imports: [
    Badge,
    EmptyState,
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
  templateUrl: './api-list.html',
  styles: `
    .notice {
      margin-bottom: var(--space-5);
    }
  `,
})
export class ApiList {
  private readonly api = injectApis();
  private readonly session = inject(Session);

  protected readonly t = injectTexts();
  protected readonly state = listState({
    sortFields: API_SORT_FIELDS,
    defaultSort: 'isBuiltIn',
    filters: {},
  });
  protected readonly list = pagedList(this.state, (query) => this.api.list(query));
  protected readonly canCreate = computed(() => this.session.can('apis:write'));
  /** Whether no API is registered yet, so that the list has only the parts of the server. */
  protected readonly hasOnlyBuiltIn = computed(() => {
    const { page, sort } = this.state.query();
    const rows = this.list.rows();
    return !this.state.isFiltered() && page === 1 && sort === 'isBuiltIn' && (rows[0]?.isBuiltIn ?? false);
  });
  protected readonly rowOf = ({ name }: ApiDto): RowIdentity => ({ id: name, name, link: ['/apis', name] });

  /** Returns the actions of the permissions: `read` for `orders:read`. */
  protected actionsOf({ name, permissions }: ApiDto): string[] {
    return permissions.map((permission) => permission.name.slice(name.length + 1));
  }
}
