import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ConfigurationError } from '../../common/application-error.js';
import { apiOf, type ApiPermissionDto, type ProblemErrorDto } from '@latchkey/auth-models';
import { type Principal } from '../../common/request/principal.js';
import { type WriteTransaction } from '../../platform/database/writes.service.js';
import { PermissionRegistry } from '../permission-registry.service.js';
import { COMPARED_MAX, mostSimilar } from '../../common/most-similar.js';
import { type ResourceApi } from './resource-api.entity.js';
import { ResourceApisRepository } from './resource-apis.repository.js';

/** All permissions: those of the server itself, and those of the APIs in the database. */
@Injectable()
export class ResourceApiPermissions implements OnApplicationBootstrap {
  constructor(
    private readonly registry: PermissionRegistry,
    private readonly apis: ResourceApisRepository,
  ) {}

  /**
   * Prevents startup if a new feature module has the name of an API, because its permissions would then be
   * ambiguous.
   */
  async onApplicationBootstrap(): Promise<void> {
    const taken = (await this.apis.findNames()).find((name) => this.registry.isReserved(name));
    if (taken !== undefined) {
      throw new ConfigurationError(
        `A feature module registers permissions of ${taken}, but an API with this name exists. Rename the permissions of the module, or start the server without the module and delete the API.`,
      );
    }
  }

  /**
   * Returns an error for each name that is not a permission. The first one suggests a similar permission,
   * which the actor holds or may read.
   *
   * @param kept names that are not checked.
   */
  async errorsOf(
    names: readonly string[],
    kept: ReadonlySet<string>,
    actor: Principal,
    tx?: WriteTransaction,
  ): Promise<ProblemErrorDto[]> {
    const { known, unknown: found } = await this.divide(
      names.filter((name) => !kept.has(name)),
      tx,
    );
    const [first, ...rest] = found;
    if (first === undefined) {
      return [];
    }
    const unknown = new Set([first, ...rest]);
    const canRead = actor.permissions.has('apis:read');
    const meant = canRead
      ? await this.mostSimilarTo(first, known, tx)
      : mostSimilar(first, [...actor.permissions].filter(isComparableTo(first)).slice(0, COMPARED_MAX));
    const advice = canRead ? 'GET /apis lists all permissions' : 'GET /me lists yours';
    return names.flatMap((name, index) => {
      const hint = name === first && meant !== undefined ? `did you mean ${meant}?` : advice;
      const message = `there is no permission ${name}; ${hint}`;
      return unknown.has(name)
        ? [{ pointer: `/permissions/${index}`, code: 'unknown_permission', message }]
        : [];
    });
  }

  /** Returns the names that are not permissions of any API. */
  async findUnknown(names: readonly string[]): Promise<string[]> {
    return (await this.divide(names)).unknown;
  }

  /** Whether an API in the database, or a part of the server, has this name. */
  async hasApi(name: string, tx?: WriteTransaction): Promise<boolean> {
    return (
      this.registry.names().some((permission) => apiOf(permission) === name) ||
      (await this.apis.findByNames([name], tx)).length > 0
    );
  }

  /**
   * Returns the names that no API has, and all permissions of the registered APIs that the names refer to.
   */
  private async divide(names: readonly string[], tx?: WriteTransaction) {
    const others = names.filter((name) => !this.registry.has(name));
    const apis = await this.apis.findByNames([...new Set(others.map(apiOf))], tx);
    const known = new Set(apis.flatMap(namesOf));
    return { known, unknown: others.filter((name) => !known.has(name)) };
  }

  /**
   * Returns the permission that is most similar to a name: one of the same API, or one with the same action
   * of an API with a similar name. It compares few names, because there can be 64,000 permissions.
   */
  private async mostSimilarTo(
    name: string,
    known: ReadonlySet<string>,
    tx: WriteTransaction | undefined,
  ): Promise<string | undefined> {
    const api = apiOf(name);
    const all = [...this.registry.names(), ...known];
    const ofApi = all.filter((one) => apiOf(one) === api);
    const others = [...new Set(this.registry.names().map(apiOf)), ...(await this.apis.findNames(tx))];
    const similarApi =
      ofApi.length > 0
        ? undefined
        : mostSimilar(api, others.filter(isComparableTo(api)).slice(0, COMPARED_MAX));
    if (similarApi === undefined) {
      return mostSimilar(name, ofApi);
    }
    const names = [
      ...this.registry.names().filter((one) => apiOf(one) === similarApi),
      ...(await this.apis.findByNames([similarApi], tx)).flatMap(namesOf),
    ];
    const meant = similarApi + name.slice(api.length);
    return names.includes(meant) ? meant : mostSimilar(meant, names);
  }
}

/** Whether a name may be a misspelling of another one. The first letter is rarely wrong. */
function isComparableTo(name: string) {
  return (one: string): boolean => one[0] === name[0] && Math.abs(one.length - name.length) <= 2;
}

/** Returns the permissions of an API. */
export function permissionsOf({ permissions }: Pick<ResourceApi, 'permissions'>): ApiPermissionDto[] {
  return JSON.parse(permissions) as ApiPermissionDto[];
}

function namesOf(api: ResourceApi): string[] {
  return permissionsOf(api).map(({ name }) => name);
}
