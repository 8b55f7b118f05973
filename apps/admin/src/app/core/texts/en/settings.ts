import type { SettingSource } from '@latchkey/auth-models';
import { counting } from '../counting';

const count = counting('en');

/** What a remark of the server means. */
interface HealthRemark {
  /** The remark itself; absent where the server's own words need no other. */
  readonly text?: string;
  readonly meaning: string;
}

export const settings = {
  heading: 'Settings',
  lede: 'What this server runs with. It is read from the environment at the start: change it there, and start again.',
  configuration: 'Configuration',
  filter: 'Filter by name or meaning',
  count: (total: number) => count(total, 'variable', 'variables'),
  noMatch: { heading: 'No variable matches', text: 'Try another word.', action: 'Clear the filter' },
  columns: { name: 'Variable', value: 'Value', source: 'From' },
  sources: { default: 'Default', environment: 'Environment', file: 'File' } satisfies Record<
    SettingSource,
    string
  >,
  isSet: 'set, and shown to nobody',
  isNotSet: 'not set',
  copyName: (name: string) => `Copy ${name}`,
  groups: {
    server: 'Server',
    database: 'Database',
    firstStart: 'First start',
    sessions: 'Sessions',
    tokens: 'API tokens',
    passwords: 'Passwords and sign-in',
    audit: 'Audit trail',
    other: 'Others',
  },
  about: {
    heading: 'About this server',
    version: 'Version',
    licence: 'Licence',
    licenceName: 'MIT, free to use, change and share',
    document: 'API document',
    page: 'Read it',
    file: 'openapi.json',
    health: 'Health',
    ready: 'Ready to serve',
    notReady: 'Not ready',
    noAnswer: 'The server cannot be reached.',
    unknown: 'not known',
    check: 'Check again',
    remarks: 'Remarks of the server',
    remarkMeaning: 'The server goes on serving.',
  },
  /** Why the server is not ready, by the server's own words; these need no other in English. */
  healthReasons: {} as Readonly<Record<string, string>>,
  /** What somebody should look at although the server is ready, by the server's own words. */
  healthRemarks: {
    'Revocations by other replicas are not heard just now, so every token is looked up.': {
      meaning:
        'Nothing is less safe, only slower: the database is asked on every request. The server listens again by itself, within seconds of being able to.',
    },
    'Notifications of PostgreSQL do not arrive, so every token is looked up: DATABASE_URL must lead to the database itself, or through a pooler in session mode.':
      {
        meaning:
          'Nothing is less safe, only slower: the database is asked on every request until DATABASE_URL is changed and the server started again.',
      },
    'The clock is more than 30 days ahead of the last time recorded in this database, so the server deletes no old data. Set the clock. If it is right, run: latchkey trust-clock':
      {
        meaning:
          'The server keeps expired tokens, old days of the audit trail and old counts until then. Data deleted because of a wrong clock would be lost for good.',
      },
  } as Readonly<Record<string, HealthRemark>>,
  /** What each variable is for. */
  variables: {
    HOST: 'Address to listen on. 0.0.0.0 serves other machines: put TLS in front.',
    PORT: 'Port to listen on.',
    DATABASE_URL:
      'Where everything is kept: a SQLite file for one process, or PostgreSQL for one or several.',
    LATCHKEY_DATA_DIR: 'Folder for what is kept beside the database: the audit key and the first sign-in.',
    LATCHKEY_ADMIN_NAME:
      'Name of the first administrator, read on the first start on an empty database only.',
    LATCHKEY_ADMIN_PASSWORD:
      'Password of the first administrator. Without one, the first start tells a set-up link.',
    LATCHKEY_PUBLIC_URL: 'Origin that people use to reach this server, for links.',
    LATCHKEY_TRUSTED_PROXIES:
      'Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses and CIDR blocks.',
    LATCHKEY_CORS_ORIGINS: 'Origins whose pages may call the API.',
    LATCHKEY_SESSION_IDLE_SECONDS: 'A session that is not bumped for so long ends.',
    LATCHKEY_SESSION_MAX_SECONDS: 'A session ends at the latest so long after sign-in.',
    LATCHKEY_API_TOKEN_DEFAULT_SECONDS: 'How long an API token lives if nobody says otherwise.',
    LATCHKEY_API_TOKEN_MAX_SECONDS: 'The longest life of an API token; a longer wish is clipped.',
    LATCHKEY_API_TOKEN_NO_EXPIRY: 'Whether an API token may live for ever.',
    LATCHKEY_API_TOKENS_PER_USER: 'How many live API tokens a user may have.',
    LATCHKEY_TOKEN_CACHE_SECONDS:
      'How long a verified token may be believed without asking the database; 0 = it is asked on every request.',
    LATCHKEY_PASSWORD_MIN_LENGTH: 'Fewest characters of a new password; not below 8.',
    LATCHKEY_ARGON2_MEMORY_KIB:
      'Memory that a password’s hash costs, in KiB. Raised, each hash is made anew at its owner’s next sign-in.',
    LATCHKEY_ARGON2_PASSES:
      'Passes that a password’s hash costs. Raised, each hash is made anew at its owner’s next sign-in.',
    LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT: 'Failed sign-ins within 15 minutes before an account is slowed down.',
    LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: 'Failed sign-ins within 15 minutes before an address is refused.',
    LATCHKEY_WRITE_LIMIT_PER_USER:
      'Requests that change something, per user within 24 hours. Sign-ins have a separate limit of the same size.',
    LATCHKEY_AUDIT_KEY:
      'Key that seals the audit trail. PostgreSQL needs one; on SQLite one is made in the data folder if none is given.',
    LATCHKEY_AUDIT_RETENTION_DAYS: 'Days that the audit trail is kept; 0 = for ever.',
    LATCHKEY_METRICS:
      'Who may read /metrics: whoever holds metrics:read (token), everybody (open), or nobody (off).',
    LATCHKEY_LOG_LEVEL: 'How much is logged: fatal, error, warn, info, debug or trace.',
    LATCHKEY_DATABASE_POOL:
      'Connections to PostgreSQL in the pool; beside it one listens to other replicas, and two do jobs at times.',
    LATCHKEY_STATEMENT_TIMEOUT_MS:
      'How long a statement, or a whole transaction, may take in PostgreSQL, in milliseconds.',
    LATCHKEY_DRAIN_SECONDS:
      'Seconds for which a stopping server keeps serving, so that load balancers can switch to other servers.',
    LATCHKEY_SHUTDOWN_SECONDS: 'How long a stop waits for requests in flight.',
  },
};
