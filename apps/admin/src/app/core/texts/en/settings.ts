import { HEALTH_REMARKS, type HealthRemark } from '@latchkey/auth-models/lists';
import type { SettingSource } from '@latchkey/auth-models';
import { counting } from '../counting';

const count = counting('en');

/** Text for a warning of the server. */
export interface HealthRemarkText {
  /** Replaces the message of the API. */
  readonly text?: string;
  readonly explanation: string;
}

export const settings = {
  lead: 'Effective configuration of this server. To change a value, set the environment variable and restart the server.',
  configuration: 'Configuration',
  filter: 'Filter by name or description',
  count: (total: number) => count(total, 'variable', 'variables'),
  noMatch: { heading: 'No matching variables', text: 'Try another word.', action: 'Clear filter' },
  source: 'Source',
  sources: { default: 'Default', environment: 'Environment', file: 'File' } satisfies Record<
    SettingSource,
    string
  >,
  isSet: 'set, value hidden',
  isNotSet: 'not set',
  copyName: (name: string) => `Copy ${name}`,
  common: 'Common settings',
  advanced: 'Advanced settings',
  about: {
    heading: 'About this server',
    version: 'Version',
    licence: 'Licence',
    licenceName: 'MIT',
    document: 'API',
    page: 'Documentation',
    file: 'openapi.json',
    health: 'Status',
    ready: 'Ready to serve',
    notReady: 'Not ready',
    noResponse: 'The server cannot be reached.',
    check: 'Check again',
    remarks: 'Server warnings',
    remarkExplanation: 'The server keeps working.',
  },
  state: {
    heading: 'State',
    backup: 'Last backup',
    external: 'PostgreSQL has its own tools, such as pg_dump. Check that your backups run.',
    noBackup: 'No backup recorded',
    audit: 'Audit trail',
    intact: (entries: number) => `Intact, ${count(entries, 'entry', 'entries')}`,
    problems: (total: number) => `Not intact: ${count(total, 'problem', 'problems')}`,
    headDiffers: 'Does not contain the given head',
    verified: 'verified',
    neverVerified: 'Never verified',
    copy: 'Copy the command',
  },
  verifiers: {
    heading: 'Servers and verifiers',
    refresh: 'Refresh',
    replicas: 'Servers on this database',
    verifiers: 'Applications that verify tokens from memory',
    replica: 'Server',
    started: 'started',
    connected: (total: number) => count(total, 'verifier', 'verifiers'),
    lagOf: (milliseconds: number) => `${milliseconds} ms behind`,
    share: (percent: string) => `${percent} from memory`,
    reported: 'reported',
    active: 'Active',
    silent: 'Silent',
    none: 'No verifier has reported within the last day.',
    hidden: (total: number) => `${count(total, 'more verifier', 'more verifiers')}.`,
  },
  /** Reasons why the server is not ready, by the message of the API. English shows the messages unchanged. */
  healthReasons: {} as Readonly<Record<string, string>>,
  /** Warnings of a server that is ready, by the message of the API. */
  healthRemarks: {
    [HEALTH_REMARKS.notificationsLost]: {
      explanation:
        'Tokens are still verified securely, but more slowly: every request queries the database. The server reconnects within seconds of PostgreSQL accepting connections again.',
    },
    [HEALTH_REMARKS.notificationsNotDelivered]: {
      explanation:
        'Tokens are still verified securely, but more slowly: every request queries the database until you change DATABASE_URL and restart the server.',
    },
    [HEALTH_REMARKS.clockAhead]: {
      explanation:
        'Until then the server keeps expired tokens, old audit entries and old statistics. Data deleted because of a wrong clock could not be restored.',
    },
    [HEALTH_REMARKS.clockBehind]: {
      explanation:
        'Until then, expired tokens can be accepted, and new audit entries can have an earlier time than those before them.',
    },
  } satisfies Record<HealthRemark, HealthRemarkText> as Readonly<Record<string, HealthRemarkText>>,
  /** Descriptions of the environment variables. */
  variables: {
    HOST: 'Address to listen on. With 0.0.0.0, other machines can connect: put a TLS proxy in front.',
    PORT: 'Port to listen on.',
    DATABASE_URL: 'Database: a SQLite file for a single server process, or PostgreSQL for one or more.',
    LATCHKEY_DATA_DIR: 'Folder for files outside the database: the audit key and the first set-up link.',
    LATCHKEY_ADMIN_NAME: 'Name of the first administrator. Only read when the database is empty.',
    LATCHKEY_ADMIN_PASSWORD:
      'Password of the first administrator. Without one, the first start prints a set-up link.',
    LATCHKEY_PUBLIC_URL: 'Public origin of this server. Used in links.',
    LATCHKEY_TRUSTED_PROXIES:
      'Proxies whose X-Forwarded-For and X-Forwarded-Proto are trusted: addresses and CIDR blocks.',
    LATCHKEY_CORS_ORIGINS: 'Origins of web pages that may call the API.',
    LATCHKEY_EVENT_HOSTS: 'Receivers of webhooks that are not public: host names, addresses and CIDR blocks.',
    LATCHKEY_SMTP_URL:
      'Server that sends e-mail, such as smtps://user:password@mail.example.org. Without it, Latchkey sends none.',
    LATCHKEY_MAIL_FROM: 'Sender of e-mail.',
    LATCHKEY_SESSION_IDLE_SECONDS: 'Time after which an unused session expires.',
    LATCHKEY_SESSION_MAX_SECONDS: 'Time after sign-in at which a session expires in any case.',
    LATCHKEY_SECOND_FACTOR: 'Users who need a second factor. Without one, their sessions can only add one.',
    LATCHKEY_FRESH_SECONDS:
      'Time after a sign-in or step-up in which a session may create tokens or change who has access.',
    LATCHKEY_API_TOKEN_DEFAULT_SECONDS: 'Lifetime of an API token if the request sets no expiry.',
    LATCHKEY_API_TOKEN_MAX_SECONDS:
      'Maximum lifetime of an API token. The server shortens longer requested lifetimes.',
    LATCHKEY_API_TOKEN_NO_EXPIRY: 'Whether API tokens without an expiry are allowed.',
    LATCHKEY_API_TOKENS_PER_USER: 'Maximum number of valid API tokens per user.',
    LATCHKEY_TOKEN_PREFIX: 'Prefix of new tokens, so that secret scanners find them.',
    LATCHKEY_LEAKED_TOKENS: 'Whether a token that is reported as leaked is revoked or disabled.',
    LATCHKEY_TOKEN_CACHE_SECONDS:
      'Time to cache a verified token. With 0, every request queries the database.',
    LATCHKEY_PASSWORD_MIN_LENGTH: 'Minimum length of new passwords, at least 8.',
    LATCHKEY_ARGON2_MEMORY_KIB:
      'Memory for hashing a password, in KiB. After an increase, each password is rehashed at the next sign-in.',
    LATCHKEY_ARGON2_PASSES:
      'Passes for hashing a password. After an increase, each password is rehashed at the next sign-in.',
    LATCHKEY_LOGIN_LIMIT_PER_ACCOUNT:
      'Failed sign-ins within 15 minutes after which an account is throttled.',
    LATCHKEY_LOGIN_LIMIT_PER_ADDRESS: 'Failed sign-ins within 15 minutes after which an address is rejected.',
    LATCHKEY_WRITE_LIMIT_PER_USER:
      'Write requests per user within 24 hours. Sign-ins have a separate limit of the same size.',
    LATCHKEY_SEAL_KEY:
      'Key that encrypts the secrets of second factors and webhooks. Required for them with PostgreSQL. With SQLite, the server creates one in the data folder if it is not set.',
    LATCHKEY_AUDIT_KEY:
      'Key that seals the audit trail. Required with PostgreSQL. With SQLite, the server creates one in the data folder if it is not set.',
    LATCHKEY_AUDIT_RETENTION_DAYS: 'Days to keep audit entries. 0 keeps them forever.',
    LATCHKEY_METRICS:
      'Access to /metrics: with the permission metrics:read (token), for everyone (open), or for no one (off).',
    LATCHKEY_LOG_LEVEL: 'Lowest level that is logged: fatal, error, warn, info, debug or trace.',
    LATCHKEY_WORKERS: 'Number of processes that serve requests. More than one requires PostgreSQL.',
    LATCHKEY_DATABASE_POOL:
      'Maximum number of pooled PostgreSQL connections per process. Up to three more listen for revocations and run background jobs.',
    LATCHKEY_STATEMENT_TIMEOUT_MS:
      'Maximum duration of a PostgreSQL statement or transaction, in milliseconds.',
    LATCHKEY_DRAIN_SECONDS:
      'Time during which a stopping server still accepts requests, so that load balancers can switch to other servers.',
    LATCHKEY_SHUTDOWN_SECONDS: 'Time that a stopping server waits for open requests.',
  },
};
