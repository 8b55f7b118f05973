import { Module, type DynamicModule } from '@nestjs/common';
import { GrantsReader } from './grants.js';
import { PermissionRegistry, type PermissionDefinition } from './permission-registry.js';

/** Module that registers the permissions of a feature module. */
@Module({})
class FeaturePermissionsModule {}

/** Permissions of the server and of feature modules. */
@Module({
  providers: [PermissionRegistry, GrantsReader],
  exports: [PermissionRegistry, GrantsReader],
})
export class PermissionsModule {
  /** Registers the permissions of a feature module, so that roles can hold them and guards can require them. */
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
