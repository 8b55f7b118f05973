import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../../audit/audit.module.js';
import { RolesModule } from '../roles/roles.module.js';
import { ThrottleModule } from '../../throttle/throttle.module.js';
import { CommonPasswords } from '../passwords/blocklist/common-passwords.js';
import { ActorReader } from '../permissions/actor-reader.js';
import { Authority } from '../permissions/authority.js';
import { EscalationPolicy } from '../permissions/escalation-policy.js';
import { DummyHashes, LoginPasswords } from '../passwords/login-passwords.js';
import { FirstAdministrator } from '../set-up/first-administrator.js';
import { FirstSignIn } from '../set-up/first-sign-in.js';
import { PasswordChanges, UserPasswordsService } from '../passwords/user-passwords.service.js';
import { PasswordPolicy } from '../passwords/password-policy.js';
import { RoleHoldersRepository } from '../roles/role-holders.repository.js';
import { SetUpCompletionService } from '../set-up/set-up-completion.service.js';
import { SetUpService } from '../set-up/set-up.service.js';
import { UserEditingService } from './user-editing.service.js';
import { UserImportService } from './import/user-import.service.js';
import { UserListRepository } from './list/user-list.repository.js';
import { UserPasswordsRepository } from '../passwords/user-passwords.repository.js';
import { UserRole } from './model/user-role.entity.js';
import { UserRolesRepository } from './model/user-roles.repository.js';
import { User } from './model/user.entity.js';
import { UsersRepository } from './model/users.repository.js';
import { UsersService } from './users.service.js';

/** Users, their names and passwords, and the first administrator. */
@Module({
  imports: [TypeOrmModule.forFeature([User, UserRole]), AuditModule, RolesModule, ThrottleModule],
  providers: [
    { provide: CommonPasswords, useFactory: () => CommonPasswords.load() },
    ActorReader,
    Authority,
    EscalationPolicy,
    DummyHashes,
    LoginPasswords,
    FirstAdministrator,
    FirstSignIn,
    PasswordChanges,
    PasswordPolicy,
    RoleHoldersRepository,
    SetUpCompletionService,
    SetUpService,
    UserEditingService,
    UserImportService,
    UserListRepository,
    UserPasswordsRepository,
    UserPasswordsService,
    UserRolesRepository,
    UsersRepository,
    UsersService,
  ],
  exports: [
    ActorReader,
    Authority,
    EscalationPolicy,
    LoginPasswords,
    FirstSignIn,
    PasswordPolicy,
    RoleHoldersRepository,
    SetUpCompletionService,
    SetUpService,
    UserEditingService,
    UserImportService,
    UserListRepository,
    UserPasswordsRepository,
    UserPasswordsService,
    UserRolesRepository,
    UsersRepository,
    UsersService,
  ],
})
export class UsersModule {}
