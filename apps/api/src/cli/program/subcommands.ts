import { type Command } from 'commander';
import { addBackup } from './backup.js';
import { addConfig } from './config.js';
import { addCreateAdmin } from './create-admin.js';
import { addImportUsers } from './import-users.js';
import { addListTokens } from './list-tokens.js';
import { addMigrateDatabase } from './migrate-database.js';
import { addResetPassword } from './reset-password.js';
import { addRestore } from './restore.js';
import { addRevoke } from './revoke.js';
import { addRotateAuditKey } from './rotate-audit-key.js';
import { addServe } from './serve.js';
import { type Shell } from './shell.js';
import { addTrustClock } from './trust-clock.js';
import { addUnlock } from './unlock.js';
import { addVerifyAudit } from './verify-audit.js';

/** Functions that add the subcommands, in the order of the help. */
export const SUBCOMMANDS: readonly ((program: Command, shell: Shell) => void)[] = [
  addServe,
  addCreateAdmin,
  addResetPassword,
  addUnlock,
  addImportUsers,
  addListTokens,
  addRevoke,
  addVerifyAudit,
  addRotateAuditKey,
  addBackup,
  addRestore,
  addMigrateDatabase,
  addTrustClock,
  addConfig,
];
