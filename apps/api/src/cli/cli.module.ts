import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.js';
import { RolesModule } from '../roles/roles.module.js';
import { CommandRunner, COMMANDS } from './command-runner.js';
import { type Command } from './command.js';
import { CreateAdminCommand } from './commands/create-admin.command.js';
import { NamedUsers } from './commands/named-users.js';
import { ResetPasswordCommand } from './commands/reset-password.command.js';
import { CommandSocket } from './socket/command-socket.js';

const ALL = [CreateAdminCommand, ResetPasswordCommand];

/** What the command line asks for, and the socket through which it asks a running server. */
@Module({
  imports: [RolesModule, UsersModule],
  providers: [
    ...ALL,
    { provide: COMMANDS, inject: ALL, useFactory: (...commands: Command[]) => commands },
    CommandRunner,
    CommandSocket,
    NamedUsers,
  ],
})
export class CliModule {}
