import { inject, Injectable } from '@angular/core';
import { HttpClient } from '@angular/common/http';
import type { ApiDto, ApiPermissionDto, MeDto, PageDto } from '@latchkey/auth-models';
import { apiOf, BUILT_IN_PERMISSIONS } from '@latchkey/auth-models/lists';
import { map, type Observable, of } from 'rxjs';
import { Session } from '../../core/session';
import type { Texts } from '../../core/texts/texts';
import { allPages } from '../roles/roles';

/** Permissions of an API, or of the server itself. */
export interface PermissionGroup {
  /** Name of the API; `null` for the server itself. */
  readonly api: string | null;
  readonly description: string | null;
  readonly permissions: readonly ApiPermissionDto[];
}

/** Reads the permissions of the server and of all APIs. */
@Injectable({ providedIn: 'root' })
export class PermissionCatalogue {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);

  /**
   * Returns the permissions of the server itself, then those of each API by name. Users who may not see APIs
   * get {@link knownGroups}.
   */
  all(): Observable<readonly PermissionGroup[]> {
    if (!this.session.can('apis:read')) {
      return of(knownGroups(this.session.user()));
    }
    const apis = allPages((params) => this.http.get<PageDto<ApiDto>>('/apis', { params }));
    return apis.pipe(
      map((all) => [
        serverGroup(all.filter(({ isBuiltIn }) => isBuiltIn).flatMap(({ permissions }) => permissions)),
        ...all
          .filter(({ isBuiltIn }) => !isBuiltIn)
          .map(({ name, description = null, permissions }) => ({ api: name, description, permissions })),
      ]),
    );
  }
}

/**
 * Returns the permissions that a user knows without reading APIs: those of the server, and those that they
 * hold or that are named.
 */
export function knownGroups(me: MeDto | null, named: readonly string[] = []): PermissionGroup[] {
  const builtIn = Object.entries(BUILT_IN_PERMISSIONS).map(([name, description]) => ({ name, description }));
  const others = [...new Set([...(me?.permissions ?? []), ...named])]
    .filter((name) => !(name in BUILT_IN_PERMISSIONS))
    .sort();
  return [
    serverGroup(builtIn),
    ...[...new Set(others.map(apiOf))].map((api) => ({
      api,
      description: null,
      permissions: others.filter((name) => apiOf(name) === api).map((name) => ({ name, description: '' })),
    })),
  ];
}

/**
 * Returns the description of a permission: translated for the server's own, otherwise as its API states it.
 */
export function permissionDescription(name: string, { permissions }: Texts, description = ''): string {
  const known: Readonly<Record<string, string>> = permissions.sentences;
  return known[name] ?? description;
}

function serverGroup(permissions: readonly ApiPermissionDto[]): PermissionGroup {
  return { api: null, description: null, permissions };
}
