import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '../audit/audit.module.js';
import { CryptoModule } from '../crypto/crypto.module.js';
import { RolesModule } from '../roles/roles.module.js';
import { AccountFinder } from '../throttle/account-finder.js';
import { ThrottleModule } from '../throttle/throttle.module.js';
import { CommonPasswords } from './blocklist/common-passwords.js';
import { Actors } from './actors.js';
import { Authority } from './authority.js';
import { Ceiling } from './ceiling.js';
import { DummyHashes } from './dummy-hashes.js';
import { FirstAdministrator } from './first-administrator.js';
import { FirstSignIn } from './first-sign-in.js';
import { PasswordChanges } from './password-changes.js';
import { PasswordPolicy } from './password-policy.js';
import { RoleHoldersRepository } from './role-holders.repository.js';
import { SetUpCompletionService } from './set-up-completion.service.js';
import { SetUpService } from './set-up.service.js';
import { UserEditingService } from './user-editing.service.js';
import { UserImportRepository } from './user-import.repository.js';
import { UserImportService } from './user-import.service.js';
import { UserFiguresRepository } from './user-figures.repository.js';
import { UserListRepository } from './user-list.repository.js';
import { UserPasswordsRepository } from './user-passwords.repository.js';
import { UserPasswordsService } from './user-passwords.service.js';
import { UserRole } from './user-role.entity.js';
import { UserRolesRepository } from './user-roles.repository.js';
import { User } from './user.entity.js';
import { UsersRepository } from './users.repository.js';
import { UsersService } from './users.service.js';

/** Users, their names and passwords, and the first administrator. */
@Module({
  imports: [
    TypeOrmModule.forFeature([User, UserRole]),
    AuditModule,
    CryptoModule,
    RolesModule,
    ThrottleModule,
  ],
  providers: [
    { provide: CommonPasswords, useFactory: () => CommonPasswords.load() },
    Actors,
    Authority,
    Ceiling,
    DummyHashes,
    FirstAdministrator,
    FirstSignIn,
    PasswordChanges,
    PasswordPolicy,
    RoleHoldersRepository,
    SetUpCompletionService,
    SetUpService,
    UserEditingService,
    UserFiguresRepository,
    UserImportRepository,
    UserImportService,
    UserListRepository,
    UserPasswordsRepository,
    UserPasswordsService,
    UserRolesRepository,
    UsersRepository,
    UsersService,
  ],
  exports: [
    Actors,
    Authority,
    Ceiling,
    DummyHashes,
    FirstSignIn,
    PasswordPolicy,
    RoleHoldersRepository,
    SetUpCompletionService,
    SetUpService,
    UserEditingService,
    UserImportService,
    UserFiguresRepository,
    UserListRepository,
    UserPasswordsRepository,
    UserPasswordsService,
    UserRolesRepository,
    UsersRepository,
    UsersService,
  ],
})
export class UsersModule {
  constructor(accounts: AccountFinder, users: UsersRepository) {
    accounts.use((name) => users.findByName(name));
  }
}
