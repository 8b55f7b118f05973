// Query plans of token lists.
import 'reflect-metadata';
import { ENTITIES } from '../../../dist/apps/api/src/app.module.js';
import { Config } from '../../../dist/apps/api/src/platform/config/config.js';
import { listSlice } from '../../../dist/apps/api/src/platform/database/queries/list-queries.js';
import { Database } from '../../../dist/apps/api/src/platform/database/database.js';
import { Token } from '../../../dist/apps/api/src/tokens/model/token.entity.js';
import { TokenListRepository } from '../../../dist/apps/api/src/tokens/list/token-list.repository.js';
import { TOKEN_SORT_FIELDS } from '../../../dist/libs/auth-models/src/index.js';

const TEXTS = ['q', 'kind', 'state'];

/** Returns the plans of the total and the first page of each query, with their indexes. */
export async function explainList(url, folder, queries) {
  const config = Config.read({
    DATABASE_URL: url,
    LATCHKEY_DATA_DIR: folder,
    LATCHKEY_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
    LATCHKEY_STATEMENT_TIMEOUT_MS: '60000',
  });
  const database = await Database.open(config, ENTITIES);
  try {
    const plans = [];
    for (const query of queries) {
      const text = await explain(database.reader, query);
      plans.push({
        text,
        indexes: [...new Set(text.match(/IDX_\w+|PK_\w+|Seq Scan on \w+|autoindex_\w+/g))].join(', '),
      });
    }
    return plans;
  } finally {
    await database.close();
  }
}

async function explain(source, query) {
  const { user, sort, ...rest } = Object.fromEntries(new URLSearchParams(query));
  const filter = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, TEXTS.includes(name) ? value : JSON.parse(value)]),
  );
  const slice = listSlice({ sort }, TOKEN_SORT_FIELDS, { field: 'creationTime', isDescending: true });
  const userId = user && (await source.query(`SELECT id FROM users WHERE name = '${user}'`))[0].id;
  const sent = await statementsOf(source, () =>
    new TokenListRepository(source.getRepository(Token)).findPage({ filter, userId, now: Date.now() }, slice),
  );
  const explained = source.options.type === 'postgres' ? 'EXPLAIN (ANALYZE)' : 'EXPLAIN QUERY PLAN';
  const plans = [];
  for (const [sql, parameters] of sent) {
    const rows = await source.query(`${explained} ${sql}`, parameters);
    plans.push(rows.map((row) => row['QUERY PLAN'] ?? row.detail).join('\n'));
  }
  return plans.join('\n\n');
}

/** Returns the statements that the work sends. */
async function statementsOf(source, work) {
  const { logger } = source;
  const sent = [];
  source.logger = { ...logger, logQuery: (sql, parameters) => sent.push([sql, parameters]) };
  await work();
  source.logger = logger;
  return sent;
}
