import { type Sabotage } from './harness/sabotage.js';

/** Commits acknowledged changes together. All clients read uncommitted data, so the bug only shows when the server is killed. */
export const ACKNOWLEDGES_BEFORE_COMMIT: Sabotage = {
  name: 'the server acknowledges before the commit',
  edits: [
    ['const reader = await openSqliteReader(file, entities);', 'const reader = writer;'],
    [
      'this.disk.guard(() => inSqliteTransaction(this.database.writer, work))',
      `(async () => {
        const { writer } = this.database;
        if (!this.isOpen) {
          this.isOpen = true;
          await writer.query('BEGIN');
          setTimeout(() => this.inTurn(() => {
            this.isOpen = false;
            return writer.query('COMMIT');
          }), 200);
        }
        await writer.query('SAVEPOINT ours');
        try {
          return await work(writer.createQueryRunner().manager);
        } catch (error) {
          await writer.query('ROLLBACK TO ours');
          throw error;
        } finally {
          await writer.query('RELEASE ours');
        }
      })()`,
    ],
  ],
};

export const RESPONDS_BEFORE_THE_SYNC: Sabotage = {
  name: 'the server responds before the sync',
  edits: [['return published.finally(() => this.log?.synced);', 'return published;']],
};

export const DROPS_AUDIT_ROWS: Sabotage = {
  name: 'the server drops every twentieth audit entry',
  edits: [
    [
      'await insertRow(AuditEvent, event, tx);',
      'if (event.sequence % 20) await insertRow(AuditEvent, event, tx);',
    ],
  ],
};

export const SYNCS_RARELY: Sabotage = {
  name: 'the server leaves syncs to checkpoints',
  edits: [['this.log?.schedule();', '']],
};

export const IGNORES_FAILED_SYNCS: Sabotage = {
  name: 'the server ignores failed syncs of the log',
  edits: [['await this.log.datasync();', 'await this.log.datasync().catch(() => void 0);']],
};

export const LEAKS_SQLITE_MESSAGES: Sabotage = {
  name: 'the server returns SQLite messages to clients',
  edits: [
    [
      'return isUnavailable ? new ApplicationError("unavailable", { ',
      'return isUnavailable ? new ApplicationError("unavailable", { detail: messageOf(error), ',
    ],
  ],
};

export const CONTINUES_A_ROLLED_BACK_TRANSACTION: Sabotage = {
  name: 'the server continues a transaction that SQLite has rolled back',
  edits: [['inSqliteTransaction(this.database.writer, work)', 'this.database.writer.transaction(work)']],
};

export const WRITES_AFTER_A_FAILED_SYNC: Sabotage = {
  name: 'the server writes after a failed sync',
  // Readiness is still red.
  edits: [
    ['if (this.isLost) {', 'if (false) {'],
    ['this.latest.then(() => this.sync())', 'this.latest.catch(() => void 0).then(() => this.sync())'],
  ],
};

export const LEAVES_CHECKPOINTS_TO_SQLITE: Sabotage = {
  name: 'the server leaves checkpoints to SQLite',
  edits: [
    ['database.pragma("wal_autocheckpoint = 0");', ''],
    ['await this.checkpoints.afterCommit();', ''],
  ],
};

export const RETURNS_500_WITHOUT_DATABASE: Sabotage = {
  name: 'the server returns 500 without the database',
  edits: [
    [
      'return isUnavailable ? new ApplicationError("unavailable"',
      'return false ? new ApplicationError("unavailable"',
    ],
  ],
};

export const WAITS_FOR_THE_DATABASE: Sabotage = {
  name: 'the server waits for the database without a timeout',
  edits: [
    ['statement_timeout: statementTimeoutMilliseconds,', ''],
    ['query_timeout: answerDeadline(statementTimeoutMilliseconds),', ''],
    ['connectionTimeoutMillis: statementTimeoutMilliseconds,\n', '\n'],
    ['const timer2 = setTimeout(() => void connection.end(), milliseconds);', 'const timer2 = undefined;'],
  ],
};

export const EXITS_WITH_A_CONNECTION: Sabotage = {
  name: 'the server exits when a pooled connection fails',
  edits: [
    [
      'applicationName: `${POOL_NAME} ${mark}`.trim(),',
      'applicationName: "latchkey", poolErrorHandler: (error) => { throw error; },',
    ],
  ],
};

export const REPLACES_A_DAMAGED_FILE: Sabotage = {
  name: 'the server replaces a damaged file',
  edits: [
    [
      'warnIfAhead(await checkStart(config2), logger8);',
      `const { renameSync } = await import('node:fs');
      const { file } = config2.database;
      await checkStart(config2).catch(() => renameSync(file, file + '.damaged'));`,
    ],
  ],
};

export const PRINTS_STACKS: Sabotage = {
  name: 'the server prints a stack trace when it cannot start',
  edits: [
    [
      '`Latchkey cannot start. ${describeStartFailure(error, config2)}',
      '`Latchkey cannot start. ${error.stack}',
    ],
  ],
};

export const DROPS_OPEN_REQUESTS: Sabotage = {
  name: 'the server drops open requests at SIGTERM',
  edits: [['isClosed.then(() => process.exit(0)', 'Promise.resolve().then(() => process.exit(0)']],
};

export const WAITS_AT_A_SECOND_SIGTERM: Sabotage = {
  name: 'the server ignores a second SIGTERM',
  edits: [['if (isStopping) {\n      process.exit(1);', 'if (isStopping) {\n      return;']],
};

export const QUEUES_ALL_LOG_INS: Sabotage = {
  name: 'the server queues all logins',
  edits: [['if (this.limit.pendingCount >= this.waitingMost) {', 'if (false) {']],
};

export const ACCEPTS_EXPIRED_TOKENS: Sabotage = {
  name: 'the server accepts tokens for 5 s after they expire',
  edits: [['now < token.endTime)', 'now < token.endTime + 5e3)']],
};

export const FORGETS_REJECTED_TOKENS: Sabotage = {
  name: 'the server does not record rejected tokens',
  edits: [['this.expired.record(token, now);', '']],
};

export const OMITS_TIME_ZONES: Sabotage = {
  name: 'the server omits time zones',
  edits: [['.toISOString();\n}', '.toISOString().slice(0, 19);\n}']],
};

/** Makes each migration take longer, so that a kill or another server meets it halfway. */
const PAUSE_IN_MIGRATIONS: Sabotage['edits'][number] = [
  '}).then(async () => {\n              await this.insertExecutedMigration',
  `}).then(async () => {
              await new Promise((resolve) => setTimeout(resolve, 100));
              await this.insertExecutedMigration`,
];

export const MIGRATES_WITHOUT_TRANSACTIONS: Sabotage = {
  name: 'the server migrates without transactions',
  edits: [
    [
      'await source.runMigrations({ transaction: "each" });',
      'await source.runMigrations({ transaction: "none" });',
    ],
    PAUSE_IN_MIGRATIONS,
  ],
};

export const MIGRATES_WITHOUT_LOCK: Sabotage = {
  name: 'the server migrates without a lock',
  edits: [['await runner.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);', ''], PAUSE_IN_MIGRATIONS],
};

export const REJECTS_THE_NEXT_RELEASE: Sabotage = {
  name: 'the server rejects the database of the next release',
  edits: [['isComplete && unknown.every(isUsableBy(version)) ? "ahead" : "newer"', '"newer"']],
};
