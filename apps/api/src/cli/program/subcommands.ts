import { type Command } from 'commander';
import { addApis } from './apis.js';
import { addBackup } from './database/backup.js';
import { addConfig } from './settings/config.js';
import { addCreateRole } from './users/create-role.js';
import { addCreateAdmin, addCreateUser } from './users/create-user.js';
import { addDoctor } from './settings/doctor.js';
import { addEvents } from './settings/events.js';
import { addExplain } from './audit/explain.js';
import { addImportUsers } from './users/import-users.js';
import { addCreateToken, addRotateToken } from './tokens/issue-token.js';
import { addListTokens } from './tokens/list-tokens.js';
import { addListUsers } from './users/list-users.js';
import { addMail } from './settings/mail.js';
import { addMigrateDatabase } from './database/migrate-database.js';
import { addResetPassword } from './users/reset-password.js';
import { addResetSecondFactors } from './users/reset-second-factors.js';
import { addRestore } from './database/restore.js';
import { addRevoke } from './tokens/revoke.js';
import { addRotateAuditKey } from './audit/rotate-audit-key.js';
import { addRotateSealKey } from './users/rotate-seal-key.js';
import { addServe } from './settings/serve.js';
import { type Shell } from './shell.js';
import { addTrustClock } from './audit/trust-clock.js';
import { addUnlock } from './users/unlock.js';
import { addVerifyAudit } from './audit/verify-audit.js';

/** Functions that add the subcommands, by heading in the help. */
export const SUBCOMMANDS: Record<string, readonly ((program: Command, shell: Shell) => void)[]> = {
  'Start and settings': [addServe, addConfig, addDoctor, addMail, addEvents],
  'Users, roles and tokens': [
    addCreateAdmin,
    addCreateUser,
    addCreateRole,
    addResetPassword,
    addResetSecondFactors,
    addRotateSealKey,
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
