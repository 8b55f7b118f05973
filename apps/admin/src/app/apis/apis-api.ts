import { HttpClient } from '@angular/common/http';
import { inject } from '@angular/core';
import type { ApiDto, CreateApiDto, PermissionUsageListDto, UpdateApiDto } from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { injectResources } from '../shared/resources';

/** Returns a client of the endpoints for APIs. */
export function injectApis() {
  const http = inject(HttpClient);
  const apis = injectResources<ApiDto, CreateApiDto, UpdateApiDto>('/apis');
  return {
    ...apis,
    /** Returns the roles and the number of tokens that use each permission of an API. */
    usage: (name: string): Observable<PermissionUsageListDto> =>
      http.get<PermissionUsageListDto>(`${apis.pathOf(name)}/usage`),
  };
}

/** Parameters of a change that also removes deleted permissions from the roles and tokens that use them. */
export const FORCE = { force: true };
