import { type Command } from 'commander';
import { addApis } from './apis.js';
import { addBackup } from './backup.js';
import { addConfig } from './config.js';
import { addCreateRole } from './create-role.js';
import { addCreateAdmin, addCreateUser } from './create-user.js';
import { addDoctor } from './doctor.js';
import { addExplain } from './explain.js';
import { addImportUsers } from './import-users.js';
import { addCreateToken, addRotateToken } from './issue-token.js';
import { addListTokens } from './list-tokens.js';
import { addListUsers } from './list-users.js';
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

/** Functions that add the subcommands, by heading in the help. */
export const SUBCOMMANDS: Record<string, readonly ((program: Command, shell: Shell) => void)[]> = {
  'Start and settings': [addServe, addConfig, addDoctor],
  'Users, roles and tokens': [
    addCreateAdmin,
    addCreateUser,
    addCreateRole,
    addResetPassword,
    addUnlock,
    addImportUsers,
    addListUsers,
    addCreateToken,
    addRotateToken,
    addListTokens,
    addRevoke,
  ],
  APIs: [addApis],
  'Audit trail': [addExplain, addVerifyAudit, addRotateAuditKey],
  Database: [addBackup, addRestore, addMigrateDatabase, addTrustClock],
};
