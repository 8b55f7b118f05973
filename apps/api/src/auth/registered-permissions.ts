import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { PermissionRegistry } from '../identity/permissions/permission-registry.js';
import { readPolicy } from './guards/route-policy.js';

/** Stops the start if a route requires a permission that is not registered, as no role could grant it. */
@Injectable()
export class RegisteredPermissions implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly registry: PermissionRegistry,
  ) {}

  onApplicationBootstrap(): void {
    for (const { metatype } of this.discovery.getControllers()) {
      const prototype = (metatype as { prototype: Record<string, object> } | null)?.prototype ?? {};
      for (const method of this.scanner.getAllMethodNames(prototype)) {
        this.check(`${metatype?.name}.${method}`, metatype ?? {}, prototype[method] ?? {});
      }
    }
  }

  private check(route: string, controller: object, handler: object): void {
    const unknown = readPolicy(controller, handler).permissions?.find((name) => !this.registry.has(name));
    if (unknown !== undefined) {
      throw new Error(
        `${route} requires ${unknown}, which is not registered. Register it with RolesModule.forFeature().`,
      );
    }
  }
}
