import { type Sabotage } from './harness/sabotage.js';

export const ACKNOWLEDGES_BEFORE_COMMIT: Sabotage = {
  name: 'it acknowledges before the commit',
  edits: [
    [
      'this.inTurn(() => this.disk.guard(() => inSqliteTransaction(writer, inTransaction)))',
      `new Promise((resolve, reject) => this.inTurn(() => inSqliteTransaction(writer, async (manager) => {
        resolve(await inTransaction(manager));
        await new Promise((goOn) => setTimeout(goOn, 50));
      })).catch(reject))`,
    ],
  ],
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
      'this.inTurn(() => this.disk.guard(() => inSqliteTransaction(writer, inTransaction)))',
      `(() => {
        let ours;
        return this.inTurn(() => inSqliteTransaction(writer, async (manager) => {
          ours = { result: await inTransaction(manager) };
          return ours.result;
        })).catch((error) => {
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
  edits: [['inSqliteTransaction(writer, inTransaction)', 'writer.transaction(inTransaction)']],
};

export const WRITES_ON_AFTER_A_FAILED_SYNC: Sabotage = {
  name: 'it writes on after a failed sync',
  edits: [['if (SYNC_FAILURE.test(codeOf(error))) {', 'if (false) {']],
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
