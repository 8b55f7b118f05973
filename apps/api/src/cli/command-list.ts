import { type CreateAdminCommand } from './commands/create-admin.command.js';
import { type ImportUsersCommand } from './commands/import-users.command.js';
import { type ListTokensCommand } from './commands/list-tokens.command.js';
import { type ResetPasswordCommand } from './commands/reset-password.command.js';
import { type RevokeCommand } from './commands/revoke.command.js';
import { type RotateAuditKeyCommand } from './commands/rotate-audit-key.command.js';
import { type TrustClockCommand } from './commands/trust-clock.command.js';
import { type UnlockCommand } from './commands/unlock.command.js';
import { type VerifyAuditCommand } from './commands/verify-audit.command.js';

/** Types of all commands by name. Types only, so that the program does not load the server's code to call it. */
export interface CommandList {
  'create-admin': CreateAdminCommand;
  'import-users': ImportUsersCommand;
  'list-tokens': ListTokensCommand;
  'reset-password': ResetPasswordCommand;
  revoke: RevokeCommand;
  'rotate-audit-key': RotateAuditKeyCommand;
  'trust-clock': TrustClockCommand;
  unlock: UnlockCommand;
  'verify-audit': VerifyAuditCommand;
}

export type CommandName = keyof CommandList;

export type OptionsOf<Name extends CommandName> = Parameters<CommandList[Name]['run']>[0];

export type ResultOf<Name extends CommandName> = Awaited<ReturnType<CommandList[Name]['run']>>;
