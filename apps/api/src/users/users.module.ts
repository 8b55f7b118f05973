import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UserRole } from '../permissions/roles/user-role.entity.js';
import { AccountService } from './account/account.service.js';
import { MeController } from './account/me.controller.js';
import { CurrentPassword, MyPasswordService } from './account/my-password.service.js';
import { BulkEngine } from './bulk/bulk-engine.service.js';
import { UserBulkOperations } from './bulk/user-bulk-operations.service.js';
import { UserBulkController } from './bulk/user-bulk.controller.js';
import { UserBulkService } from './bulk/user-bulk.service.js';
import { UserImportController } from './import/user-import.controller.js';
import { UserImportService } from './import/user-import.service.js';
import { UserListRepository } from './list/user-list.repository.js';
import { UserListService } from './list/user-list.service.js';
import { ResponsiblePersons } from './mail/responsible-persons.service.js';
import { UserMail } from './mail/user-mail.service.js';
import { UserRolesRepository } from './model/user-roles.repository.js';
import { LostPasswordsController } from './lost-passwords/lost-passwords.controller.js';
import { LostPasswordsService } from './lost-passwords/lost-passwords.service.js';
import { User } from './model/user.entity.js';
import { UsersRepository } from './model/users.repository.js';
import { DummyHashes, LoginPasswords } from './passwords/login-passwords.service.js';
import { PasswordPolicy } from './passwords/password-policy.service.js';
import { UserPasswordsRepository } from './passwords/user-passwords.repository.js';
import { PasswordChanges, UserPasswordsService } from './passwords/user-passwords.service.js';
import { FirstAdministrator, FirstSignIn } from './set-up/first-administrator.service.js';
import { SetUpCompletionService } from './set-up/set-up-completion.service.js';
import { SetUpController } from './set-up/set-up.controller.js';
import { SetUpService } from './set-up/set-up.service.js';
import { ThrottleLiftingService } from './throttle-lifting.service.js';
import { UserAccessController } from './user-access.controller.js';
import { UserCreationService, UserInsertion } from './user-creation.service.js';
import { UserDeletion } from './user-deletion.service.js';
import { UserEditingService } from './user-editing.service.js';
import { UserRemovalService } from './user-removal.service.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';
import { AuditModule } from '../audit/audit.module.js';
import { PermissionsModule } from '../permissions/permissions.module.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { CommonPasswords } from './passwords/blocklist/common-passwords.js';

/** Users: accounts, passwords, set-up, import, lists and bulk changes. */
@Module({
  imports: [TypeOrmModule.forFeature([User, UserRole]), AuditModule, PermissionsModule, ThrottleModule],
  controllers: [
    LostPasswordsController,
    MeController,
    SetUpController,
    UserAccessController,
    UserBulkController,
    UserImportController,
    UsersController,
  ],
  providers: [
    { provide: CommonPasswords, useFactory: () => CommonPasswords.load() },
    AccountService,
    BulkEngine,
    CurrentPassword,
    DummyHashes,
    FirstAdministrator,
    FirstSignIn,
    LoginPasswords,
    LostPasswordsService,
    MyPasswordService,
    PasswordChanges,
    PasswordPolicy,
    ResponsiblePersons,
    SetUpCompletionService,
    SetUpService,
    ThrottleLiftingService,
    UserBulkOperations,
    UserBulkService,
    UserCreationService,
    UserDeletion,
    UserEditingService,
    UserImportService,
    UserInsertion,
    UserListRepository,
    UserListService,
    UserMail,
    UserPasswordsRepository,
    UserPasswordsService,
    UserRemovalService,
    UserRolesRepository,
    UsersRepository,
    UsersService,
  ],
  exports: [
    BulkEngine,
    CurrentPassword,
    LoginPasswords,
    UserImportService,
    UserListService,
    UserMail,
    UsersService,
  ],
})
export class UsersModule {}
