import { type Sabotage } from './harness/sabotage.js';

const COMMITS = 'this.disk.guard(() => inSqliteTransaction(this.database.writer, work))';

/**
 * Commits so long after the first change that was acknowledged, all together. Everybody reads what is not committed yet, so that
 * nothing tells before the server is killed.
 */
const committingLate = (milliseconds: number): Sabotage['edits'] => [
  ['new _Database(await openSqliteReader(file, entities), writer,', 'new _Database(writer, writer,'],
  [
    COMMITS,
    `(async () => {
      const { writer } = this.database;
      if (!this.isOpen) {
        this.isOpen = true;
        await writer.query('BEGIN');
        setTimeout(() => this.inTurn(() => {
          this.isOpen = false;
          return writer.query('COMMIT');
        }), ${milliseconds});
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
];

export const ACKNOWLEDGES_BEFORE_COMMIT: Sabotage = {
  name: 'it acknowledges before the commit',
  edits: committingLate(200),
};

export const ANSWERS_THEN_SYNCS: Sabotage = {
  name: 'it answers and syncs right after that',
  edits: committingLate(1),
};

export const DROPS_AUDIT_ROWS: Sabotage = {
  name: 'it drops every twentieth audit row',
  edits: [
    [
      'await insertRow(AuditEvent, event, tx);',
      'if (event.sequence % 20) await insertRow(AuditEvent, event, tx);',
    ],
  ],
};

export const SYNCS_NOW_AND_THEN: Sabotage = {
  name: 'it opens the database with synchronous=NORMAL',
  edits: [
    ['database.pragma("synchronous = FULL");', ''],
    ['await checkPragma(source, "synchronous", SYNCHRONOUS_FULL);', ''],
  ],
};

export const ACKNOWLEDGES_WHATEVER_THE_COMMIT_SAYS: Sabotage = {
  name: 'it acknowledges whatever the commit says',
  edits: [
    [
      COMMITS,
      `(() => {
        let ours;
        return inSqliteTransaction(this.database.writer, async (manager) => {
          ours = { result: await work(manager) };
          return ours.result;
        }).catch((error) => {
          if (ours) {
            return ours.result;
          }
          throw error;
        });
      })()`,
    ],
  ],
};

export const TELLS_WHAT_SQLITE_SAID: Sabotage = {
  name: 'it tells clients what SQLite said',
  edits: [
    [
      'return isUnavailable ? new ApplicationError("unavailable", { ',
      'return isUnavailable ? new ApplicationError("unavailable", { detail: messageOf(error), ',
    ],
  ],
};

export const TAKES_A_ROLLED_BACK_TRANSACTION_FOR_OPEN: Sabotage = {
  name: 'it takes a transaction for open that SQLite has rolled back',
  edits: [['inSqliteTransaction(this.database.writer, work)', 'this.database.writer.transaction(work)']],
};

export const WRITES_ON_AFTER_A_FAILED_SYNC: Sabotage = {
  name: 'it writes on after a failed sync',
  // Readiness is told all the same.
  edits: [['if (this.isLost) {', 'if (false) {']],
};

export const LEAVES_CHECKPOINTS_TO_SQLITE: Sabotage = {
  name: 'it leaves checkpoints to SQLite',
  edits: [
    ['database.pragma("wal_autocheckpoint = 0");', ''],
    ['await this.checkpoints.afterCommit();', ''],
  ],
};

export const ANSWERS_500_WHEN_THE_DATABASE_IS_GONE: Sabotage = {
  name: 'it answers 500 when the database is gone',
  edits: [
    [
      'return isUnavailable ? new ApplicationError("unavailable"',
      'return false ? new ApplicationError("unavailable"',
    ],
  ],
};

export const WAITS_FOR_THE_DATABASE: Sabotage = {
  name: 'it waits for the database as long as that takes',
  edits: [
    ['statement_timeout: statementTimeoutMilliseconds,', ''],
    ['query_timeout: answerDeadline(statementTimeoutMilliseconds),', ''],
    ['connectionTimeoutMillis: statementTimeoutMilliseconds,\n', '\n'],
    ['const timer = setTimeout(() => void connection.end(), milliseconds);', 'const timer = undefined;'],
  ],
};

export const ENDS_WITH_A_CONNECTION: Sabotage = {
  name: 'it ends when a connection of the pool does',
  edits: [
    [
      'applicationName: "latchkey",',
      'applicationName: "latchkey", poolErrorHandler: (error) => { throw error; },',
    ],
  ],
};

export const BEGINS_ANEW_ON_A_DAMAGED_FILE: Sabotage = {
  name: 'it begins anew on a damaged file',
  edits: [
    [
      'await checkStart(config);',
      `const { renameSync } = await import('node:fs');
      const { file } = config.database;
      await checkStart(config).catch(() => renameSync(file, file + '.damaged'));`,
    ],
  ],
};

export const PRINTS_STACKS: Sabotage = {
  name: 'it prints a stack when it cannot start',
  edits: [
    [
      '`Latchkey cannot start. ${describeStartFailure(error, config)}',
      '`Latchkey cannot start. ${error.stack}',
    ],
  ],
};

export const DROPS_WHAT_IS_IN_FLIGHT: Sabotage = {
  name: 'it ends at SIGTERM whatever is in flight',
  edits: [['isClosed.then(() => process.exit(0)', 'Promise.resolve().then(() => process.exit(0)']],
};

export const WAITS_AT_A_SECOND_SIGTERM: Sabotage = {
  name: 'it waits at a second SIGTERM',
  edits: [['if (isStopping) {\n      process.exit(1);', 'if (isStopping) {\n      return;']],
};

export const LETS_EVERYBODY_QUEUE: Sabotage = {
  name: 'it lets everybody queue for a hash',
  edits: [['if (this.limit.pendingCount >= this.waitingMost) {', 'if (false) {']],
};

export const BELIEVES_TOKENS_AFTER_THEIR_END: Sabotage = {
  name: 'it believes in a token 5 s after its end',
  edits: [['now < token.endTime)', 'now < token.endTime + 5e3)']],
};

export const FORGETS_WHAT_HAS_RUN_OUT: Sabotage = {
  name: 'it forgets which tokens it refused after their end',
  edits: [['this.expired.note(token, now);', '']],
};

export const SHOWS_TIMES_WITHOUT_A_ZONE: Sabotage = {
  name: 'it shows times without a zone',
  edits: [['.toISOString();\n}', '.toISOString().slice(0, 19);\n}']],
};

export const MIGRATES_STATEMENT_BY_STATEMENT: Sabotage = {
  name: 'it migrates without transactions',
  edits: [
    [
      'await source.runMigrations({ transaction: "each" });\n    return;',
      'await source.runMigrations({ transaction: "none" });\n    return;',
    ],
    [
      '}).then(async () => {\n              await this.insertExecutedMigration',
      `}).then(async () => {
              await new Promise((goOn) => setTimeout(goOn, 100));
              await this.insertExecutedMigration`,
    ],
  ],
};

export const MIGRATES_SIDE_BY_SIDE: Sabotage = {
  name: 'it takes no lock to migrate',
  edits: [['await runner.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);', '']],
};
