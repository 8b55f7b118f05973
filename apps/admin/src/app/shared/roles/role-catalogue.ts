import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import { type PageDto, PAGE_SIZE_MAX, type RoleDto } from '@latchkey/auth-models';
import { EMPTY, expand, type Observable, reduce } from 'rxjs';
import { Session } from '../../core/session';
import { type Loaded, loaded } from '../loaded';

/** All roles that there are. */
@Injectable({ providedIn: 'root' })
export class RoleCatalogue {
  private readonly http = inject(HttpClient);

  /** Reads them, page after page, by name. */
  all(): Observable<readonly RoleDto[]> {
    return this.page(1).pipe(
      expand(({ page, size, total }) => (page * size < total ? this.page(page + 1) : EMPTY)),
      reduce<PageDto<RoleDto>, readonly RoleDto[]>((roles, { items }) => [...roles, ...items], []),
    );
  }

  private page(page: number): Observable<PageDto<RoleDto>> {
    return this.http.get<PageDto<RoleDto>>('/roles', { params: { page, size: PAGE_SIZE_MAX, sort: 'name' } });
  }
}

/** Loads all roles for whoever may see them; for everybody else there are none. */
export function loadedRoles(): Loaded<readonly RoleDto[]> {
  const session = inject(Session);
  const catalogue = inject(RoleCatalogue);
  return loaded(
    () => (session.can('roles:read') ? 'roles' : null),
    () => catalogue.all(),
  );
}
