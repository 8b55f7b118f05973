import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ConfigurationError } from '../../common/application-error.js';
import { apiOf, type ApiPermissionDto, type ProblemErrorDto } from '@latchkey/auth-models';
import { type WriteTransaction } from '../../platform/database/writes.js';
import { PermissionRegistry } from '../permissions/permission-registry.js';
import { mostSimilar } from '../../common/most-similar.js';
import { type Api } from './api.entity.js';
import { ApisRepository } from './apis.repository.js';

/** Maximum number of unknown permissions with a suggestion. */
const SUGGESTIONS_MAX = 3;

/** Maximum number of permissions of other APIs that an unknown one is compared with. */
const CANDIDATES_MAX = 100;

/** Knows all permissions: those of the server itself, and those of the APIs in the database. */
@Injectable()
export class ApiPermissions implements OnApplicationBootstrap {
  constructor(
    private readonly registry: PermissionRegistry,
    private readonly apis: ApisRepository,
  ) {}

  /** Prevents startup if a new feature module has the name of an API, whose permissions would then mean two things. */
  async onApplicationBootstrap(): Promise<void> {
    const taken = (await this.apis.findAll()).find(({ name }) => this.registry.isReserved(name));
    if (taken) {
      throw new ConfigurationError(
        `A feature module registers permissions of ${taken.name}, and there is an API of that name. Delete the API with a server without the module, or rename the permissions of the module.`,
      );
    }
  }

  /** Returns an error for each name that is not a permission. The first ones suggest the most similar permission. */
  async errorsOf(names: readonly string[], tx?: WriteTransaction): Promise<ProblemErrorDto[]> {
    const others = names.filter((name) => !this.registry.has(name));
    const apis = await this.apis.findByNames([...new Set(others.map(apiOf))], tx);
    const known = new Set(apis.flatMap(namesOf));
    const unknown = others.filter((name) => !known.has(name));
    const advice = unknown.length === 0 ? new Map<string, string>() : await this.advise(unknown, tx);
    return names.flatMap((name, index) =>
      unknown.includes(name)
        ? [
            {
              pointer: `/permissions/${index}`,
              code: 'unknown_permission',
              message: `there is no permission ${name}; ${advice.get(name) ?? 'GET /apis lists all permissions'}`,
            },
          ]
        : [],
    );
  }

  /** Returns suggestions for the first of some unknown names. Its time is bounded, because there are up to 64,000 permissions. */
  private async advise(unknown: readonly string[], tx?: WriteTransaction): Promise<Map<string, string>> {
    const all = [...this.registry.names(), ...(await this.apis.findAll(tx)).flatMap(namesOf)];
    const advice = new Map<string, string>();
    for (const name of unknown.slice(0, SUGGESTIONS_MAX)) {
      const [ofApi, ofOthers] = [
        all.filter((one) => apiOf(one) === apiOf(name)),
        all.filter(isComparableTo(name)),
      ];
      const meant = mostSimilar(name, ofApi) ?? mostSimilar(name, ofOthers.slice(0, CANDIDATES_MAX));
      if (meant !== undefined) {
        advice.set(name, `did you mean ${meant}?`);
      }
    }
    return advice;
  }
}

/** Whether a permission of another API may be the one that a misspelt name means: most people misspell later letters. */
function isComparableTo(name: string) {
  return (one: string): boolean =>
    one[0] === name[0] &&
    Math.abs(one.length - name.length) <= 2 &&
    one.slice(one.indexOf(':')) === name.slice(name.indexOf(':'));
}

/** Returns the permissions of an API. */
export function permissionsOf({ permissions }: Pick<Api, 'permissions'>): ApiPermissionDto[] {
  return JSON.parse(permissions) as ApiPermissionDto[];
}

function namesOf(api: Api): string[] {
  return permissionsOf(api).map(({ name }) => name);
}
