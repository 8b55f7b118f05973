import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { CreateRoleDto, PageDto, RoleDto, UpdateRoleDto } from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { listParameters, type ListQuery } from '../shared/list/list-state';

/** Client of the endpoints for roles and permissions. */
@Injectable({ providedIn: 'root' })
export class RolesApi {
  private readonly http = inject(HttpClient);

  list(query: ListQuery): Observable<PageDto<RoleDto>> {
    return this.http.get<PageDto<RoleDto>>('/roles', { params: listParameters(query) });
  }

  get(name: string): Observable<RoleDto> {
    return this.http.get<RoleDto>(rolePath(name));
  }

  create(role: CreateRoleDto): Observable<RoleDto> {
    return this.http.post<RoleDto>('/roles', role);
  }

  /** Updates a role if it still has the given version. */
  update(name: string, change: UpdateRoleDto, version: number): Observable<RoleDto> {
    return this.http.patch<RoleDto>(rolePath(name), change, { headers: ifMatch(version) });
  }

  /** Deletes a role if it still has the given version and is not assigned. */
  delete(name: string, version: number): Observable<void> {
    return this.http.delete<void>(rolePath(name), { headers: ifMatch(version) });
  }
}

/** Returns the API path of a role. */
export function rolePath(name: string): string {
  return `/roles/${encodeURIComponent(name)}`;
}

function ifMatch(version: number): Record<string, string> {
  return { 'If-Match': `"${version}"` };
}
