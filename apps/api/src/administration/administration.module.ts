import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { RolesModule } from '../roles/roles.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { RoleEditingService } from './role-editing.service.js';
import { RoleHolders } from './role-holders.js';
import { RoleListService } from './role-list.service.js';
import { RolesController } from './roles.controller.js';
import { UserListService } from './user-list.service.js';
import { UsersController } from './users.controller.js';

/** What administrators do: everything that needs users and tokens together. */
@Module({
  imports: [AuditModule, RolesModule, TokensModule, UsersModule],
  controllers: [RolesController, UsersController],
  providers: [RoleEditingService, RoleHolders, RoleListService, UserListService],
})
export class AdministrationModule {}
