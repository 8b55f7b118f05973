import { Injectable } from '@nestjs/common';
import { apiOf, type ApiPermissionDto, type ProblemErrorDto } from '@latchkey/auth-models';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { PermissionRegistry } from '../permissions/permission-registry.js';
import { type Api } from './api.entity.js';
import { ApisRepository } from './apis.repository.js';

/** Knows all permissions: those of the server itself, and those of the APIs in the database. */
@Injectable()
export class ApiPermissions {
  constructor(
    private readonly registry: PermissionRegistry,
    private readonly apis: ApisRepository,
  ) {}

  /** Returns an error for each name that is not a permission, with the most similar permission if there is one. */
  async errorsOf(names: readonly string[], tx?: WriteTransaction): Promise<ProblemErrorDto[]> {
    const others = names.filter((name) => !this.registry.has(name));
    const apis = await this.apis.findByNames([...new Set(others.map(apiOf))], tx);
    const known = new Set(apis.flatMap((api) => permissionsOf(api).map(({ name }) => name)));
    return names.flatMap((name, index) =>
      this.registry.has(name) || known.has(name)
        ? []
        : [
            {
              pointer: `/permissions/${index}`,
              code: 'unknown_permission',
              message: `there is no permission ${name}; GET /apis lists all permissions`,
            },
          ],
    );
  }
}

/** Returns the permissions of an API. */
export function permissionsOf({ permissions }: Pick<Api, 'permissions'>): ApiPermissionDto[] {
  return JSON.parse(permissions) as ApiPermissionDto[];
}
