import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ResourceApiEditingService } from './apis/resource-api-editing.service.js';
import { ResourceApiListService } from './apis/resource-api-list.service.js';
import { ResourceApiPermissions } from './apis/resource-api-permissions.service.js';
import { ResourceApiUses } from './apis/resource-api-uses.service.js';
import { ResourceApi } from './apis/resource-api.entity.js';
import { ApisController } from './apis/apis.controller.js';
import { ResourceApisRepository } from './apis/resource-apis.repository.js';
import { EscalationPolicy } from './escalation-policy.service.js';
import { RoleEditingService } from './roles/role-editing.service.js';
import { RoleListService } from './roles/role-list.service.js';
import { Role } from './roles/role.entity.js';
import { RolesController } from './roles/roles.controller.js';
import { RolesRepository } from './roles/roles.repository.js';
import { RolesService } from './roles/roles.service.js';
import { UserRole } from './roles/user-role.entity.js';
import { UserGrantsRepository } from './user-grants.repository.js';
import { AuditModule } from '../audit/audit.module.js';
import { GrantsReader } from './grants.service.js';
import { PermissionRegistry, type PermissionDefinition } from './permission-registry.service.js';

/** Module that registers the permissions of a feature module. */
@Module({})
class FeaturePermissionsModule {}

/** Permissions, roles and APIs of the server and of feature modules. */
@Module({
  imports: [TypeOrmModule.forFeature([ResourceApi, Role, UserRole]), AuditModule],
  controllers: [ApisController, RolesController],
  providers: [
    GrantsReader,
    PermissionRegistry,
    ResourceApiEditingService,
    ResourceApiListService,
    ResourceApiPermissions,
    ResourceApiUses,
    ResourceApisRepository,
    EscalationPolicy,
    RoleEditingService,
    RoleListService,
    RolesRepository,
    RolesService,
    UserGrantsRepository,
  ],
  exports: [GrantsReader, PermissionRegistry, ResourceApiPermissions, EscalationPolicy, RolesService],
})
export class PermissionsModule {
  /**
   * Registers the permissions of a feature module, so that roles can hold them and guards can require them.
   */
  static forFeature(permissions: PermissionDefinition[]): DynamicModule {
    return {
      module: FeaturePermissionsModule,
      imports: [PermissionsModule],
      providers: [
        {
          provide: `permissions:${permissions.map(({ name }) => name).join(',')}`,
          inject: [PermissionRegistry],
          useFactory: (registry: PermissionRegistry) => registry.register(permissions),
        },
      ],
    };
  }
}
