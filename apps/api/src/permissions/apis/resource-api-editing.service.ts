import { Injectable } from '@nestjs/common';
import {
  apiOf,
  APIS_MAX,
  PERMISSIONS_HEADER_MAX,
  type ApiPermissionDto,
  type ChangeApiQueryDto,
  type CreateApiDto,
  type UpdateApiDto,
} from '@latchkey/auth-models';
import { AuditService, changedMembers } from '../../audit/trail/audit.service.js';
import { ApplicationError, errorAt } from '../../common/application-error.js';
import { type Principal } from '../../common/request/principal.js';
import { checkVersion, type VersionCondition } from '../../common/request/version-condition.js';
import { Writes, type WriteTransaction } from '../../platform/database/writes.service.js';
import { EscalationPolicy } from '../escalation-policy.service.js';
import { PermissionRegistry } from '../permission-registry.service.js';
import { type ResourceApi } from './resource-api.entity.js';
import { permissionsOf } from './resource-api-permissions.service.js';
import { ResourceApiUses, type RemovedUses } from './resource-api-uses.service.js';
import { auditedRole } from '../roles/role-editing.service.js';
import { ResourceApisRepository } from './resource-apis.repository.js';

/** Creates, changes and deletes APIs. */
@Injectable()
export class ResourceApiEditingService {
  constructor(
    private readonly repository: ResourceApisRepository,
    private readonly uses: ResourceApiUses,
    private readonly registry: PermissionRegistry,
    private readonly escalation: EscalationPolicy,
    private readonly audit: AuditService,
    private readonly writes: Writes,
  ) {}

  /** @throws ApplicationError `validation_failed`, `name_taken` or `api_limit`. */
  async create(
    { name, description, permissions = [] }: CreateApiDto,
    actor: Principal,
  ): Promise<ResourceApi> {
    if (this.registry.isReserved(name)) {
      const message = `${name} is reserved for the server itself; choose another name`;
      throw errorAt('/name', 'reserved_name', message);
    }
    checkNames(name, permissions);
    return this.writes.transaction(async (tx) => {
      await this.escalation.lockAndRefresh(actor, tx);
      if ((await this.repository.count(tx)) >= APIS_MAX) {
        throw new ApplicationError('api_limit', {
          detail: `There are ${APIS_MAX} APIs, the maximum. Delete one first.`,
        });
      }
      const members = { name, description: description ?? '', permissions: toText(permissions) };
      const api = await this.repository.insert(members, tx);
      await this.audit.recordNamed('api_created', 'api', name, actor, { after: snapshot(api) }, tx);
      return api;
    }, 'none');
  }

  /**
   * Changes an API. With `force` it removes deleted permissions from the roles and tokens that use them. A
   * patch without changes keeps the version and adds no audit entry.
   *
   * @throws ApplicationError `validation_failed`, `not_found`, `api_built_in`, `permission_in_use`, or an
   *   error of the condition.
   */
  async update(
    name: string,
    { description, permissions }: UpdateApiDto,
    options: ChangeApiQueryDto,
    condition: VersionCondition,
    actor: Principal,
  ): Promise<ResourceApi> {
    checkNames(name, permissions ?? []);
    const edit = {
      ...(description !== undefined && { description: description ?? '' }),
      ...(permissions && { permissions: toText(permissions) }),
    };
    const { result } = await this.writes.transaction(
      async (tx) => {
        const api = await this.getEditable(name, actor, condition, tx);
        const kept = new Set(permissionsOf({ ...api, ...edit }).map((permission) => permission.name));
        const deleted = permissionsOf(api)
          .map((permission) => permission.name)
          .filter((permission) => !kept.has(permission));
        const changes = changedMembers(snapshot(api), snapshot({ ...api, ...edit }));
        if (!changes) {
          return { result: api, isUsed: false };
        }
        const removed = await this.uses.remove(name, deleted, options, tx);
        const result = await this.repository.update(api, edit, condition, tx);
        await this.recordRoles(removed, actor, tx);
        await this.audit.recordNamed(
          'api_updated',
          'api',
          name,
          actor,
          { ...changes, after: { ...changes.after, ...auditedUses(removed) } },
          tx,
        );
        return { result, isUsed: removed !== undefined };
      },
      ({ isUsed }) => (isUsed ? 'all' : 'none'),
    );
    return result;
  }

  /** Deletes an API and its permissions. @throws ApplicationError like {@link update}. */
  async delete(
    name: string,
    options: ChangeApiQueryDto,
    condition: VersionCondition | undefined,
    actor: Principal,
  ): Promise<void> {
    await this.writes.transaction(
      async (tx) => {
        const api = await this.getEditable(name, actor, condition, tx);
        const permissions = permissionsOf(api).map((permission) => permission.name);
        const removed = await this.uses.remove(name, permissions, options, tx);
        await this.repository.delete(api, condition, tx);
        await this.recordRoles(removed, actor, tx);
        await this.audit.recordNamed(
          'api_deleted',
          'api',
          name,
          actor,
          { before: snapshot(api), ...(removed && { after: auditedUses(removed) }) },
          tx,
        );
        return removed;
      },
      (removed) => (removed ? 'all' : 'none'),
    );
  }

  private async getEditable(
    name: string,
    actor: Principal,
    condition: VersionCondition | undefined,
    tx: WriteTransaction,
  ): Promise<ResourceApi> {
    await this.escalation.lockAndRefresh(actor, tx);
    if (this.registry.definitions().some((permission) => apiOf(permission.name) === name)) {
      throw new ApplicationError('api_built_in', {
        detail: `${name} is part of the server, so it cannot be changed or deleted.`,
      });
    }
    const api = await this.repository.getByName(name, tx);
    checkVersion(condition, api.version);
    return api;
  }

  /**
   * Records a change of each role that lost permissions, so that its audit trail is complete. Called before
   * the entry of the API, because the console shows the last entry of a request first.
   */
  private async recordRoles(
    removed: RemovedUses | undefined,
    actor: Principal,
    tx: WriteTransaction,
  ): Promise<void> {
    for (const { role, kept } of removed?.roles ?? []) {
      const subject = { kind: 'role', id: null, name: role.name } as const;
      const changes = changedMembers(auditedRole(role), auditedRole({ ...role, permissions: kept }));
      await this.audit.record({ action: 'role_updated', actor, subject, ...changes }, tx);
    }
  }
}

/**
 * @throws ApplicationError `validation_failed` if a permission names another API, or if all names are too
 *   long for a header.
 */
function checkNames(api: string, permissions: readonly ApiPermissionDto[]): void {
  const errors = permissions.flatMap(({ name }, index) => {
    const message = `${name} does not belong to ${api}; the permissions of ${api} start with ${api}:`;
    return apiOf(name) === api ? [] : [{ pointer: `/permissions/${index}/name`, code: 'other_api', message }];
  });
  if (permissions.map(({ name }) => name).join(' ').length > PERMISSIONS_HEADER_MAX) {
    const message = `the names of all permissions may have at most ${PERMISSIONS_HEADER_MAX} characters, because a header contains them`;
    errors.push({ pointer: '/permissions', code: 'too_long', message });
  }
  if (errors.length > 0) {
    throw new ApplicationError('validation_failed', { errors });
  }
}

/** Returns the stored form of permissions. */
function toText(permissions: readonly ApiPermissionDto[]): string {
  const sorted = permissions.map(({ name, description }) => ({ name, description }));
  return JSON.stringify(sorted.sort((one, other) => (one.name < other.name ? -1 : 1)));
}

/** Returns the members of an API that the audit trail records. */
function snapshot(api: Pick<ResourceApi, 'description' | 'permissions'>) {
  return { description: api.description, permissions: permissionsOf(api) };
}

/** Returns the numbers of roles and tokens that lost permissions, for the audit trail. */
function auditedUses(removed: RemovedUses | undefined) {
  return removed && { removedFromRoles: removed.roles.length, removedFromTokens: removed.tokens };
}
