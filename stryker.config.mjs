import { readdirSync } from 'node:fs';
import { basename } from 'node:path';

const API = 'apps/api/src';

/** Files that are never mutated, even if their whole folder is requested. */
export const NEVER = [
  '!**/*.spec.ts',
  // Wiring: end-to-end tests cover it.
  '!**/*.module.ts',
  '!**/*.controller.ts',
  // Columns and SQL: only tests with a database can check them.
  '!**/*.entity.ts',
  '!**/*.repository.ts',
];

/** Token rules. End-to-end tests cover the services with transactions over several tables. */
const TOKENS = [
  'expired-tokens',
  'last-uses',
  'token-access',
  'token-lifetime-policy',
  'token-permissions',
  'token-purge',
  'token-state',
  'verified-tokens',
];

/** Writing and verifying the audit trail. End-to-end tests cover lists, rotation and retention. */
const AUDIT = [
  'audit-entry',
  'audit-filter',
  'audit-key-files',
  'audit-keys',
  'audit-reads',
  'audit-tallies',
  'audit',
  'chain-check',
  'rejected-requests',
  'sealing-key',
  'trail-key',
];

/**
 * Returns the files of a folder with these names, with or without `.service`. Stryker only warns about
 * missing files.
 */
function filesNamed(names, folder) {
  const files = readdirSync(`${API}/${folder}`, { recursive: true });
  return names.map((name) => {
    const found = files.find((path) => [`${name}.ts`, `${name}.service.ts`].includes(basename(path)));
    if (found === undefined) {
      throw new Error(`${API}/${folder} has no ${name}.ts. Correct the name in stryker.config.mjs.`);
    }
    return `${API}/${folder}/${found}`;
  });
}

/**
 * Mutation tests of security code, started by `npm run lab -- mutation`. See
 * docs/contributing/mutation-tests.md.
 */
export default {
  mutate: [
    `${API}/auth/guards/*.ts`,
    `${API}/auth/credentials/*.ts`,
    `${API}/auth/login/basic-authentication.service.ts`,
    `${API}/auth/verify/token-authentication.service.ts`,
    `${API}/throttle/**/*.ts`,
    `${API}/platform/crypto/**/*.ts`,
    ...filesNamed(TOKENS, 'tokens'),
    ...filesNamed(AUDIT, 'audit'),
    `${API}/common/request/policy.ts`,
    `${API}/common/request/version-condition.ts`,
    `${API}/http/negotiation/if-match.ts`,
    `${API}/http/problems/challenge.ts`,
    ...NEVER,
  ],
  testRunner: 'jest',
  jest: { configFile: 'test/lab/mutation/jest.config.cjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  plugins: ['@stryker-mutator/jest-runner', './test/lab/mutation/wording.mjs'],
  ignorers: ['wording'],
  // Each run of a spec leaks its modules.
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
  // Not read by unit specs, so not copied.
  ignorePatterns: ['/dist', '/docs', '/deploy', '/data', '/coverage', '/reports', '/.angular', '/apps/admin'],
};
