import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { RolesModule } from './roles/roles.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { TokensModule } from './tokens/tokens.module.js';
import { UsersModule } from './users/users.module.js';
import { RoleEditingService } from './roles/role-editing.service.js';
import { RoleHolders } from './roles/role-holders.js';
import { RoleListService } from './roles/role-list.service.js';
import { RolesController } from './roles/roles.controller.js';
import { StatsController } from './stats/stats.controller.js';
import { StatsService } from './stats/stats.service.js';
import { ThrottleLiftingService } from './users/throttle-lifting.service.js';
import { UserAccessController } from './users/user-access.controller.js';
import { UserBulkActions } from './bulk/users/user-bulk-actions.js';
import { UserBulkOperations } from './bulk/users/user-bulk-operations.js';
import { UserBulkController } from './bulk/users/user-bulk.controller.js';
import { UserBulkService } from './bulk/users/user-bulk.service.js';
import { UserDeletion } from './users/user-deletion.js';
import { UserListService } from './users/list/user-list.service.js';
import { UserTokensController } from './tokens/list/user-tokens.controller.js';
import { UserRemovalService } from './users/user-removal.service.js';
import { UsersController } from './users/users.controller.js';

/** Operations on users, roles and tokens that need more than one of them, most of them for administrators. */
@Module({
  imports: [AuditModule, RolesModule, ThrottleModule, TokensModule, UsersModule],
  controllers: [
    RolesController,
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
    UserBulkOperations,
    UserBulkService,
    UserDeletion,
    UserListService,
    UserRemovalService,
  ],
})
export class IdentityModule {}
