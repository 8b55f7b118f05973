import { type CreateAdminCommand } from './commands/create-admin.command.js';
import { type ResetPasswordCommand } from './commands/reset-password.command.js';

/** Every command by its name, for the compiler: the program must not load the server's code only to call it. */
export interface CommandList {
  'create-admin': CreateAdminCommand;
  'reset-password': ResetPasswordCommand;
}

/** The name of a command. */
export type CommandName = keyof CommandList;

/** What a command is asked. */
export type OptionsOf<Name extends CommandName> = Parameters<CommandList[Name]['run']>[0];

/** What a command answers. */
export type ResultOf<Name extends CommandName> = Awaited<ReturnType<CommandList[Name]['run']>>;
