import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { GrantsReader } from '../permissions/grants.js';
import { PermissionRegistry, type PermissionDefinition } from '../permissions/permission-registry.js';
import { PermissionsController } from '../permissions/permissions.controller.js';
import { RoleListRepository } from './role-list.repository.js';
import { Role } from './role.entity.js';
import { RolesRepository } from './roles.repository.js';
import { RolesService } from './roles.service.js';

/** Module that registers the permissions of a feature module. */
@Module({})
class FeaturePermissionsModule {}

/** Roles and their permissions. */
@Module({
  imports: [TypeOrmModule.forFeature([Role])],
  controllers: [PermissionsController],
  providers: [PermissionRegistry, GrantsReader, RoleListRepository, RolesRepository, RolesService],
  exports: [PermissionRegistry, GrantsReader, RoleListRepository, RolesRepository, RolesService],
})
export class RolesModule {
  /** Registers the permissions of a feature module, so that roles can hold them and guards can require them. */
  static forFeature(permissions: PermissionDefinition[]): DynamicModule {
    return {
      module: FeaturePermissionsModule,
      imports: [RolesModule],
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
