import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { RolesModule } from '../identity/roles/roles.module.js';
import { TokensModule } from '../identity/tokens/tokens.module.js';
import { UsersModule } from '../identity/users/users.module.js';
import { CommandRunner, COMMANDS } from './command-runner.js';
import { type Command } from './command.js';
import { CommandInput } from './commands/command-input.js';
import { CreateAdminCommand } from './commands/create-admin.command.js';
import { ImportUsersCommand } from './commands/import-users.command.js';
import { ListTokensCommand } from './commands/list-tokens.command.js';
import { ResetPasswordCommand } from './commands/reset-password.command.js';
import { RevokeCommand } from './commands/revoke.command.js';
import { RotateAuditKeyCommand } from './commands/rotate-audit-key.command.js';
import { TrustClockCommand } from './commands/trust-clock.command.js';
import { UnlockCommand } from './commands/unlock.command.js';
import { VerifyAuditCommand } from './commands/verify-audit.command.js';
import { CommandSocket } from './socket/command-socket.js';

const ALL = [
  CreateAdminCommand,
  ImportUsersCommand,
  ListTokensCommand,
  ResetPasswordCommand,
  RevokeCommand,
  RotateAuditKeyCommand,
  TrustClockCommand,
  UnlockCommand,
  VerifyAuditCommand,
];

/** Commands of the command line, and the socket on which a running server accepts them. */
@Module({
  imports: [IdentityModule, AuditModule, RolesModule, TokensModule, UsersModule],
  providers: [
    ...ALL,
    { provide: COMMANDS, inject: ALL, useFactory: (...commands: Command[]) => commands },
    CommandInput,
    CommandRunner,
    CommandSocket,
  ],
})
export class CliModule {}
