import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { RolesModule } from '../roles/roles.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { TokensModule } from '../tokens/tokens.module.js';
import { UsersModule } from '../users/users.module.js';
import { RoleEditingService } from './role-editing.service.js';
import { RoleHolders } from './role-holders.js';
import { RoleListService } from './role-list.service.js';
import { RolesController } from './roles.controller.js';
import { SettingsController } from './settings.controller.js';
import { StatsController } from './stats.controller.js';
import { StatsService } from './stats.service.js';
import { ThrottleLiftingService } from './throttle-lifting.service.js';
import { UserAccessController } from './user-access.controller.js';
import { UserBulkActions } from './user-bulk-actions.js';
import { UserBulkChunks } from './user-bulk-chunks.js';
import { UserBulkDemands } from './user-bulk-demands.js';
import { UserBulkSelection } from './user-bulk-selection.js';
import { UserBulkController } from './user-bulk.controller.js';
import { UserBulkService } from './user-bulk.service.js';
import { UserDeletion } from './user-deletion.js';
import { UserListService } from './user-list.service.js';
import { UserTokensController } from './user-tokens.controller.js';
import { UserRemovalService } from './user-removal.service.js';
import { UserViews } from './user-views.js';
import { UsersController } from './users.controller.js';

/** What administrators do: everything that needs users and tokens together. */
@Module({
  imports: [AuditModule, RolesModule, ThrottleModule, TokensModule, UsersModule],
  controllers: [
    RolesController,
    SettingsController,
    StatsController,
    UserAccessController,
    UserBulkController,
    UsersController,
    UserTokensController,
  ],
  providers: [
    RoleEditingService,
    RoleHolders,
    RoleListService,
    StatsService,
    ThrottleLiftingService,
    UserBulkActions,
    UserBulkChunks,
    UserBulkDemands,
    UserBulkSelection,
    UserBulkService,
    UserDeletion,
    UserListService,
    UserRemovalService,
    UserViews,
  ],
  exports: [ThrottleLiftingService, UserBulkService],
})
export class AdministrationModule {}
