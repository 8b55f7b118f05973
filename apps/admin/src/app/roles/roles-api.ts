import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  CreateRoleDto,
  PageDto,
  PermissionDto,
  PermissionListDto,
  RoleDto,
  UpdateRoleDto,
} from '@latchkey/auth-models';
import { map, type Observable } from 'rxjs';
import { listParameters, type ListQuery } from '../shared/list/list-state';

/** The endpoints of roles and permissions. */
@Injectable({ providedIn: 'root' })
export class RolesApi {
  private readonly http = inject(HttpClient);

  /** A page of roles. */
  list(query: ListQuery): Observable<PageDto<RoleDto>> {
    return this.http.get<PageDto<RoleDto>>('/roles', { params: listParameters(query) });
  }

  /** One role. */
  get(name: string): Observable<RoleDto> {
    return this.http.get<RoleDto>(rolePath(name));
  }

  /** Makes a role. */
  create(role: CreateRoleDto): Observable<RoleDto> {
    return this.http.post<RoleDto>('/roles', role);
  }

  /** Changes the given version of a role. */
  update(name: string, change: UpdateRoleDto, version: number): Observable<RoleDto> {
    return this.http.patch<RoleDto>(rolePath(name), change, { headers: ifMatch(version) });
  }

  /** Deletes the given version of a role that nobody holds. */
  delete(name: string, version: number): Observable<void> {
    return this.http.delete<void>(rolePath(name), { headers: ifMatch(version) });
  }

  /** Every permission there is, those of feature modules among them. */
  permissions(): Observable<readonly PermissionDto[]> {
    return this.http.get<PermissionListDto>('/permissions').pipe(map(({ items }) => items));
  }
}

/** The address of a role in the API. */
export function rolePath(name: string): string {
  return `/roles/${encodeURIComponent(name)}`;
}

function ifMatch(version: number): Record<string, string> {
  return { 'If-Match': `"${version}"` };
}
