import { Injectable } from '@nestjs/common';
import {
  API_SORT_FIELDS,
  type ApiDto,
  apiOf,
  type ApiListQueryDto,
  type PermissionUsageDto,
} from '@latchkey/auth-models';
import { ApplicationError } from '../../common/application-error.js';
import { groupBy } from '../../common/group-by.js';
import { Clock, toRfc3339 } from '../../common/clock.service.js';
import { type Principal } from '../../common/request/principal.js';
import { type SendableList } from '../../http/lists/send-list.js';
import { memoryList } from '../../http/lists/sorted-lists.js';
import { listSlice } from '../../platform/database/queries/list-queries.js';
import { PermissionRegistry } from '../permission-registry.service.js';
import { type ResourceApi } from './resource-api.entity.js';
import { permissionsOf } from './resource-api-permissions.service.js';
import { ResourceApisRepository } from './resource-apis.repository.js';
import { ResourceApiUses } from './resource-api-uses.service.js';
import { ResourceApiTokenCounts } from './resource-api-token-counts.js';

const COLUMNS = [
  'name',
  'description',
  'permissions',
  'isBuiltIn',
  'tokenCount',
  'creationTime',
  'version',
] as const;

/** API without the number of its tokens, which requires another query. */
type UncountedApi = Omit<ApiDto, 'tokenCount'>;

/** Lists APIs: those in the database, and the parts of the server itself. It sorts the few APIs in memory. */
@Injectable()
export class ResourceApiListService {
  constructor(
    private readonly apis: ResourceApisRepository,
    private readonly tokens: ResourceApiTokenCounts,
    private readonly uses: ResourceApiUses,
    private readonly registry: PermissionRegistry,
    private readonly clock: Clock,
  ) {}

  /** Returns the matching APIs, ordered by name by default. */
  find(query: ApiListQueryDto): SendableList<ApiDto> {
    const slice = listSlice(query, API_SORT_FIELDS, { field: 'name', isDescending: false });
    return memoryList({
      columns: COLUMNS,
      slice,
      findAll: async () => {
        const matching = (await this.findMatching((query.q ?? '').toLowerCase())).filter(
          (api) =>
            (query.isBuiltIn === undefined || api.isBuiltIn === query.isBuiltIn) && isInRange(api, query),
        );
        return slice.sort.some(({ field }) => field === 'tokenCount') ? this.withCounts(matching) : matching;
      },
      toDtos: (apis: readonly UncountedApi[]) => this.withCounts(apis),
    });
  }

  /** @throws ApplicationError `not_found`. */
  async get(name: string): Promise<ApiDto> {
    const builtIn = this.builtIn().find((api) => api.name === name);
    return builtIn ? this.withCount(builtIn) : this.describe(await this.apis.getByName(name));
  }

  /** Returns the uses and holders of each permission of an API. @throws ApplicationError `not_found`. */
  async findUsage(name: string, actor: Principal): Promise<PermissionUsageDto[]> {
    const { permissions } = await this.get(name);
    return this.uses.findWithHolders(
      permissions.map((permission) => permission.name),
      actor,
    );
  }

  /** Returns the DTO of an API. */
  describe(api: ResourceApi): Promise<ApiDto> {
    return this.withCount(toUncountedApi(api));
  }

  private async withCount(api: UncountedApi): Promise<ApiDto> {
    const [counted] = await this.withCounts([api]);
    if (!counted) {
      throw new ApplicationError('not_found');
    }
    return counted;
  }

  private async withCounts(apis: readonly UncountedApi[]): Promise<ApiDto[]> {
    const counts = await this.tokens.countOfApis(
      apis.map(({ name }) => name),
      this.clock.now(),
    );
    return apis.map((api) => ({ ...api, tokenCount: counts.get(api.name) ?? 0 }));
  }

  /** Returns the APIs that contain a text in lower case. */
  private async findMatching(text: string): Promise<UncountedApi[]> {
    const stored = (await this.apis.findAll()).filter((api) => mayContain(api, text)).map(toUncountedApi);
    return [...this.builtIn(), ...stored].filter((api) => text === '' || contains(api, text));
  }

  /** Returns the parts of the server itself, with the permissions of feature modules. */
  private builtIn(): UncountedApi[] {
    const apis = groupBy(this.registry.definitions(), ({ name }) => apiOf(name));
    return [...apis].map(([name, permissions]) => ({ name, permissions, isBuiltIn: true, version: 0 }));
  }
}

function toUncountedApi(api: ResourceApi): UncountedApi {
  return {
    name: api.name,
    ...(api.description !== '' && { description: api.description }),
    // Parsed only for the APIs on the page.
    get permissions() {
      return permissionsOf(api);
    },
    isBuiltIn: false,
    creationTime: toRfc3339(api.creationTime),
    version: api.version,
  };
}

/**
 * Whether an API was registered in a time range. Parts of the server itself have no creation time, so they
 * are in no range.
 */
function isInRange({ creationTime }: UncountedApi, { createdFrom, createdTo }: ApiListQueryDto): boolean {
  const time = creationTime === undefined ? NaN : Date.parse(creationTime);
  return (!createdFrom || time >= Date.parse(createdFrom)) && (!createdTo || time < Date.parse(createdTo));
}

/**
 * Whether an API can contain a text. This is only a first check, because the stored JSON also contains the
 * names of its members.
 */
function mayContain({ name, description, permissions }: ResourceApi, text: string): boolean {
  return `${name} ${description} ${permissions}`.toLowerCase().includes(text) || /["\\]/.test(text);
}

function contains({ name, description = '', permissions }: UncountedApi, text: string): boolean {
  const texts = [
    name,
    description,
    ...permissions.flatMap((permission) => [permission.name, permission.description]),
  ];
  return texts.some((one) => one.toLowerCase().includes(text));
}
