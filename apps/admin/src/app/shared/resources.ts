import { HttpClient } from '@angular/common/http';
import { inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { PageDto, PermissionUsageListDto } from '@latchkey/auth-models';
import { firstValueFrom, type Observable } from 'rxjs';
import { injectTexts } from '../core/language';
import { attempt, Notifier } from '../core/notifier';
import { problemOf } from '../core/problem';
import { deleteEffectively } from './effective-by';
import { listParameters, type ListQuery } from './list/list-state';

type Parameters = Readonly<Record<string, boolean>>;

/** Members that roles and APIs share. */
interface Resource {
  readonly name: string;
  readonly version: number;
  readonly description?: string;
  readonly permissions: object;
}

/** Returns a client of the endpoints for resources with a name and a version. */
export function injectResources<T extends Resource, Create extends object, Update>(root: string) {
  const http = inject(HttpClient);
  const pathOf = (name: string): string => `${root}/${encodeURIComponent(name)}`;
  const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` });
  return {
    /** Path of the collection in the API and of the list in the console. */
    root,
    /** Returns the path of a resource in the API. */
    pathOf,
    list: (query: ListQuery): Observable<PageDto<T>> =>
      http.get<PageDto<T>>(root, { params: listParameters(query) }),
    get: (name: string): Observable<T> => http.get<T>(pathOf(name)),
    /** Returns the uses and the holders of each of its permissions. */
    usage: (name: string): Observable<PermissionUsageListDto> =>
      http.get<PermissionUsageListDto>(`${pathOf(name)}/usage`),
    create: (dto: Create): Observable<T> => http.post<T>(root, dto),
    /** Updates a resource if it still has the given version. */
    update: (name: string, change: Update, version: number, params: Parameters = {}): Observable<T> =>
      http.patch<T>(pathOf(name), change, { headers: ifMatch(version), params }),
    /**
     * Deletes a resource if it still has the given version. Returns the time by which this is in effect
     * everywhere.
     */
    delete: (name: string, version: number, params: Parameters = {}): Observable<string | undefined> =>
      deleteEffectively(http, pathOf(name), params, ifMatch(version)),
  };
}

/** Signal option that ignores changes of counts, so that they do not reset an edit in progress. */
export const sameVersion = {
  equal: (one: Resource, other: Resource) => one.name === other.name && one.version === other.version,
};

/** Creates and deletes resources on their pages, and then leaves the page. */
export function injectResourceActions<T extends Resource, Create extends object>(client: {
  readonly root: string;
  create(dto: Create): Observable<T>;
  delete(name: string, version: number, params?: Parameters): Observable<string | undefined>;
}) {
  const notifier = inject(Notifier);
  const router = inject(Router);
  const texts = injectTexts();
  const isDeleting = signal(false);
  let isDone = false;

  const create = async (dto: Create): Promise<string> => {
    const { name } = await firstValueFrom(client.create(dto));
    isDone = true;
    await router.navigate([client.root, name]);
    return name;
  };
  const remove = async ({ name, version }: T, params?: Parameters) => {
    const effectiveBy = await firstValueFrom(client.delete(name, version, params));
    isDone = true;
    await router.navigateByUrl(client.root);
    return effectiveBy;
  };
  const recreate = ({ name, description, permissions }: T) => {
    const former = { name, permissions, ...(description !== undefined && { description }) };
    return attempt(notifier, () => create(former as unknown as Create));
  };

  return {
    isDeleting: isDeleting.asReadonly(),
    /** Whether the page may be left, because its resource was created or deleted. */
    isDone: () => isDone,
    async create(dto: Create): Promise<void> {
      notifier.success(texts().common.created(await create(dto)));
    },
    /**
     * Deletes a resource, and offers to create it again.
     *
     * @param handleUse is called with the error if the resource is in use.
     */
    delete: (resource: T, handleUse: (error: unknown) => Promise<void>): Promise<boolean> =>
      attempt(
        notifier,
        async () => {
          try {
            const effectiveBy = await remove(resource);
            const done = texts().common.deleted(resource.name);
            notifier.undoable(done, () => void recreate(resource), effectiveBy);
          } catch (error) {
            if (!problemOf(error).code?.endsWith('_in_use')) {
              throw error;
            }
            await handleUse(error);
          }
        },
        isDeleting,
      ),
    /** Deletes a resource with all its uses. */
    async deleteUsed(resource: T, params: Parameters): Promise<void> {
      const effectiveBy = await remove(resource, params);
      notifier.revoked(texts().common.deleted(resource.name), effectiveBy);
    },
  };
}
