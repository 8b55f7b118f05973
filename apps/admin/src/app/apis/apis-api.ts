import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  ApiDto,
  CreateApiDto,
  PageDto,
  PermissionUsageListDto,
  ProbeApiDto,
  ProbeDto,
  UpdateApiDto,
} from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { listParameters, type ListQuery } from '../shared/list/list-state';

/** Client of the endpoints for APIs. */
@Injectable({ providedIn: 'root' })
export class ApisApi {
  private readonly http = inject(HttpClient);

  list(query: ListQuery): Observable<PageDto<ApiDto>> {
    return this.http.get<PageDto<ApiDto>>('/apis', { params: listParameters(query) });
  }

  get(name: string): Observable<ApiDto> {
    return this.http.get<ApiDto>(apiPath(name));
  }

  /** Returns the roles and the number of tokens that use each permission of an API. */
  usage(name: string): Observable<PermissionUsageListDto> {
    return this.http.get<PermissionUsageListDto>(`${apiPath(name)}/usage`);
  }

  /** Tests whether a URL requires a token with a permission. */
  probe(name: string, probe: ProbeApiDto): Observable<ProbeDto> {
    return this.http.post<ProbeDto>(`${apiPath(name)}/probe`, probe);
  }

  create(api: CreateApiDto): Observable<ApiDto> {
    return this.http.post<ApiDto>('/apis', api);
  }

  /**
   * Updates an API if it still has the given version.
   *
   * @param force whether to remove deleted permissions from the roles and tokens that use them.
   */
  update(name: string, change: UpdateApiDto, version: number, force: boolean): Observable<ApiDto> {
    return this.http.patch<ApiDto>(apiPath(name), change, options(version, force));
  }

  /** Deletes an API if it still has the given version. */
  delete(name: string, version: number, force: boolean): Observable<void> {
    return this.http.delete<void>(apiPath(name), options(version, force));
  }
}

/** Returns the path of an API. */
export function apiPath(name: string): string {
  return `/apis/${encodeURIComponent(name)}`;
}

function options(version: number, force: boolean) {
  return { headers: { 'If-Match': `"${version}"` }, params: { ...(force && { force }) } };
}
