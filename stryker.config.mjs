const API = 'apps/api/src';

/** What is never mutated, also where somebody asks for its whole folder. */
export const NEVER = [
  '!**/*.spec.ts',
  // Wiring: Nest starts with it or does not, and routes are asked over HTTP in test/api.
  '!**/*.module.ts',
  '!**/*.controller.ts',
  // Columns and SQL: what they do only a database can tell, and test/api asks both.
  '!**/*.entity.ts',
  '!**/*.repository.ts',
];

/** What decides about tokens. Left out are services that work in transactions over several tables, which test/api asks. */
const TOKENS = [
  'expired-tokens',
  'last-uses',
  'recent-entries',
  'token-access',
  'token-lives',
  'token-permissions',
  'token-purge',
  'token-scope',
  'token-standing',
  'token-state',
  'usage-tally',
  'verified-tokens',
  'wished-end',
];

/** What writes the trail and checks it. Left out is what reads and moves it in the database: lists, rotation, retention. */
const AUDIT = [
  'audit-cursor',
  'audit-filter',
  'audit-key-files',
  'audit-keys',
  'audit-reads',
  'audit-tallies',
  'audit.service',
  'chain-check',
  'chain-head',
  'hand-over',
  'pseudonyms',
  'refused-requests',
  'sealed-text',
  'sealing-key',
  'trail-key',
];

/** Mutation testing of what guards; `npm run mutation` starts it by test/lab/mutation/run.mjs. See docs/explanation/mutation-testing.md. */
export default {
  mutate: [
    `${API}/auth/guards/*.ts`,
    `${API}/auth/strategies/*.ts`,
    `${API}/auth/credentials/*.ts`,
    `${API}/auth/session-cookie/*.guard.ts`,
    `${API}/auth/session-cookie/*.strategy.ts`,
    `${API}/auth/login/basic-authentication.ts`,
    `${API}/auth/token/token-authentication.ts`,
    `${API}/throttle/**/*.ts`,
    `${API}/platform/crypto/**/*.ts`,
    ...TOKENS.map((name) => `${API}/identity/tokens/**/${name}.ts`),
    ...AUDIT.map((name) => `${API}/audit/**/${name}.ts`),
    `${API}/common/request/version-condition.ts`,
    `${API}/http/negotiation/if-match.ts`,
    ...NEVER,
  ],
  testRunner: 'jest',
  // Specs are ES modules.
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: { configFile: 'test/lab/mutation/jest.config.cjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  plugins: ['@stryker-mutator/jest-runner', './test/lab/mutation/wording.mjs'],
  ignorers: ['wording'],
  // Each run of a spec leaves its modules behind.
  maxTestRunnerReuse: 50,
  concurrency: 1,
  timeoutFactor: 1,
  timeoutMS: 3_000,
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  reporters: ['html', 'json', 'clear-text'],
  clearTextReporter: { logTests: false, allowColor: false },
  thresholds: { high: 95, low: 85, break: 85 },
  tempDirName: '.stryker-tmp',
  // What no unit spec reads need not be copied.
  ignorePatterns: ['/dist', '/docs', '/deploy', '/data', '/coverage', '/reports', '/.angular', '/apps/admin'],
};
