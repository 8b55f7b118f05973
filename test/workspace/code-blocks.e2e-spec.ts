import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { markdownPages } from '../../docs/site/pages.mjs';

interface Block {
  page: string;
  language: string;
  code: string;
}

/** Test that runs the commands of a page and fails if it leaves one out, or the reason why there is none. */
const COMMANDS: Record<string, string> = {
  'README.md': 'test/docs/readme.e2e-spec.ts',
  'docs/contributing/tests.md': 'They run the tests themselves.',
  'docs/contributing/mutation-tests.md': 'They repeat the unit tests for each mutant.',
  'docs/get-started.md':
    'They build and start servers. test/packaging/package.e2e-spec.ts runs those that install the package.',
  'docs/contributing/add-a-feature.md': 'test/docs/add-a-feature.e2e-spec.ts',
  'docs/guides/explain-a-rejection.md': 'test/docs/explain-a-rejection.e2e-spec.ts',
  'docs/guides/hand-over-a-token.md': 'test/docs/hand-over-a-token.e2e-spec.ts',
  'docs/guides/import-users.md': 'test/docs/command-line.e2e-spec.ts',
  'docs/guides/leaked-tokens.md': 'test/docs/leaked-tokens.e2e-spec.ts',
  'docs/guides/lost-passwords.md': 'test/docs/lost-passwords.e2e-spec.ts',
  'docs/guides/protect-an-app.md': 'test/docs/protect-an-app.e2e-spec.ts',
  'docs/guides/protect-your-api.md': 'test/docs/protect-your-api.e2e-spec.ts',
  'docs/guides/request-a-token.md': 'test/docs/request-a-token.e2e-spec.ts',
  'docs/guides/tokens.md': 'test/docs/users-and-tokens.e2e-spec.ts',
  'docs/guides/users.md': 'test/docs/users-and-tokens.e2e-spec.ts',
  'docs/guides/verify-locally.md': 'test/docs/verify-locally.e2e-spec.ts',
  'docs/operations/audit-trail.md': 'test/docs/audit-trail.e2e-spec.ts',
  'docs/operations/backup-and-upgrade.md': 'test/docs/backup-and-upgrade.e2e-spec.ts',
  'docs/operations/containers.md':
    'They need Docker. npm run lab -- image runs those for one container with Podman, and test/workspace/compose.e2e-spec.ts those that write secrets.',
  'docs/operations/kubernetes.md':
    'They need a cluster. test/packaging/kubernetes.e2e-spec.ts checks the manifests, and runs the commands that create the Secret.',
  'docs/operations/metrics.md': 'test/docs/metrics.e2e-spec.ts',
  'docs/operations/move-to-postgresql.md': 'test/docs/move-to-postgresql.e2e-spec.ts',
  'docs/operations/runbook.md': 'test/docs/runbook.e2e-spec.ts',
  'docs/operations/supply-chain.md':
    'They install packages, or need a registry of images. test/packaging/package.e2e-spec.ts runs those that install from the lock file.',
  'docs/operations/uninstall.md': 'test/docs/uninstall.e2e-spec.ts',
  'docs/operations/systemd.md': 'npm run lab -- systemd runs them in a container.',
  'docs/reference/requests.md': 'test/docs/users-and-tokens.e2e-spec.ts',
  'docs/reference/command-line.md': 'test/docs/command-line.e2e-spec.ts',
  'libs/auth-models/README.md':
    'They install packages. test/packaging/auth-models.e2e-spec.ts installs the same file.',
  'libs/client/README.md':
    'They install packages. test/packaging/client.e2e-spec.ts installs the same files.',
};

const BLOCKS = [...markdownPages().keys()].flatMap(blocksOf);

/** Returns the code blocks of a page. Blocks in lists lose their indentation. */
function blocksOf(page: string): Block[] {
  const text = readFileSync(page, 'utf8');
  return [...text.matchAll(/^( *)```([^\n]*)\n(.*?)^\1```$/gms)].map(
    ([, margin = '', language = '', code = '']) => ({
      page,
      language,
      code: code.replaceAll(new RegExp(`^${margin}`, 'gm'), ''),
    }),
  );
}

const blocksIn = (language: string) => BLOCKS.filter((block) => block.language === language);
const pagesOf = (blocks: Block[]) => [...new Set(blocks.map(({ page }) => page))].sort();

/** Whether a text is JSON, or one JSON value per line. `…` stands for any members, items or value. */
function isJson(code: string): boolean {
  const text = code
    .replaceAll(/([:[]\s*)…/g, '$1null')
    .replaceAll(/…\s*,/g, '')
    .replaceAll(/,\s*…/g, '');
  return parses(text) || text.trim().split('\n').every(parses);
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('code blocks in the documentation', () => {
  it('name their language', () => {
    expect(BLOCKS.length).toBeGreaterThan(100);
    expect(pagesOf(blocksIn(''))).toEqual([]);
  });

  it('are valid JSON', () => {
    const blocks = blocksIn('json');

    expect(blocks.length).toBeGreaterThan(10);
    expect(blocks.filter(({ code }) => !isJson(code))).toEqual([]);
  });

  it.each(['{"a": 1,}', '{"a": …', '{"a" 1}', 'a'])('rejects %p as JSON', (code) => {
    expect(isJson(code)).toBe(false);
  });

  it('are valid YAML', () => {
    const blocks = blocksIn('yaml');

    expect(blocks.length).toBeGreaterThan(0);
    expect(
      blocks.filter(({ code }) => parseAllDocuments(code).some(({ errors }) => errors.length > 0)),
    ).toEqual([]);
  });

  it.each(pagesOf(blocksIn('sh')))('are valid shell commands in %s', (page) => {
    const script = blocksIn('sh')
      .filter((block) => block.page === page)
      .map(({ code }) => code)
      .join('\n');

    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' }).stderr).toBe('');
  });

  it('are run by a test, or listed with the reason', () => {
    expect(Object.keys(COMMANDS).sort()).toEqual(pagesOf(blocksIn('sh')));
  });

  it.each(Object.entries(COMMANDS).filter(([, test]) => /^test\/\S+\.ts$/.test(test)))(
    'of %s are all run by %s',
    (page, test) => {
      const code = readFileSync(test, 'utf8');

      expect(code).toContain(page.replace(/^docs\//, ''));
      expect(code).toMatch(/expect\([^;]*\.untried\b/);
    },
  );
});
