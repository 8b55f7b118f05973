import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { hasTarget } from '../../docs/site/markdown.mjs';
import { type Headers } from '../support/api-client.js';
import { describeIfInstalled } from '../support/external-programs.js';
import { ADMIN } from '../support/factories.js';
import { serverOn, ServerProcess } from '../support/server-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { waitUntil } from '../support/wait-until.js';
import { responseOnPage, withPlaceholders } from '../support/docs/response-on-page.js';
import { CommandsOnPage } from '../support/docs/commands-on-page.js';

const PAGE = 'operations/metrics.md';
const FOLDER = 'deploy/monitoring';
/** Labels that Prometheus adds, and those of the buckets of a histogram. */
const OTHER_LABELS = ['job', 'instance', 'le'];

interface Rule {
  alert: string;
  expr: string;
  annotations: { runbook: string };
}
interface RuleTest {
  alert_rule_test: { alertname: string; exp_alerts: unknown[] }[];
}
interface Dashboard {
  templating: { list: { name: string; query: string }[] };
  panels: {
    id: number;
    title: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets: { expr: string }[];
  }[];
}

const rules = (
  parse(readFileSync(join(FOLDER, 'latchkey.rules.yml'), 'utf8')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules);
const rulesTests = parse(readFileSync(join(FOLDER, 'latchkey.rules.test.yml'), 'utf8')) as {
  tests: RuleTest[];
};
const ruleTests = rulesTests.tests.flatMap((test) => test.alert_rule_test);
const dashboard = JSON.parse(readFileSync(join(FOLDER, 'latchkey-dashboard.json'), 'utf8')) as Dashboard;
const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

/** Parts of Grafana's dashboard schema that it needs to load a dashboard and to show its panels. */
const DASHBOARD_SCHEMA = {
  type: 'object',
  required: ['uid', 'title', 'schemaVersion', 'templating', 'time', 'panels'],
  properties: {
    uid: { type: 'string', pattern: '^[\\w-]{1,40}$' },
    // Later ones describe the same members. Grafana upgrades older ones.
    schemaVersion: { const: 39 },
    panels: {
      type: 'array',
      minItems: 10,
      items: {
        type: 'object',
        required: ['id', 'type', 'title', 'gridPos', 'datasource', 'fieldConfig', 'options', 'targets'],
        properties: {
          id: { type: 'integer', minimum: 1 },
          type: { enum: ['stat', 'timeseries'] },
          gridPos: {
            type: 'object',
            required: ['x', 'y', 'w', 'h'],
            additionalProperties: { type: 'integer', minimum: 0 },
          },
          datasource: { const: { type: 'prometheus', uid: '${datasource}' } },
          fieldConfig: {
            type: 'object',
            required: ['defaults', 'overrides'],
            properties: {
              defaults: {
                type: 'object',
                required: ['unit'],
                properties: { unit: { enum: ['short', 'reqps', 'percentunit', 's', 'bytes'] } },
              },
            },
          },
          targets: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              required: ['refId', 'expr', 'legendFormat'],
              properties: { refId: { type: 'string', pattern: '^[A-Z]$' } },
            },
          },
        },
      },
    },
  },
};

let database: TestDatabase;
/** Folder for the files of the page. */
let folder: string;
let server: ServerProcess;
let asAdmin: Headers;
/** Variables and replacements for the commands of the page. */
let inTest: [Record<string, string>, Record<string, string>];
let page: CommandsOnPage;
/** Response to a scrape with the token of the page. */
let metrics: string;

beforeAll(async () => {
  database = await createTestDatabase();
  ({ folder } = database);
  server = await ServerProcess.start(serverOn(database));
  asAdmin = await server.client.loginHeaders(ADMIN.name, ADMIN.password);
  inTest = [
    { ...serverOn(database), TOKEN: asAdmin['X-Auth-Token'] ?? '' },
    {
      'http://127.0.0.1:3000': server.client.baseUrl,
      '/etc/prometheus/': `${folder}/`,
      '-o prometheus ': '',
    },
  ];
  page = new CommandsOnPage(PAGE, ...inTest);
  await page.run('"name":"scraper"');
  await page.run('/latchkey-token');
  metrics = await waitUntil(scrape, (text) => text.includes('latchkey_api_tokens_expiring{'), {
    pauseMilliseconds: 500,
  });
});

afterAll(async () => {
  await server.stop();
  await database.drop();
});

/** Reads the metrics like Prometheus, with the token in its file. */
async function scrape(): Promise<string> {
  const token = readFileSync(join(folder, 'latchkey-token'), 'utf8').trim();
  const { status, text } = await server.client.request('GET', '/metrics', {
    headers: { Authorization: `Bearer ${token}` },
  });
  expect(status).toBe(200);
  return text;
}

/**
 * Returns what is wrong with the metrics and labels in an expression: those that the server does not return.
 */
function unknownIn(expression: string): string[] {
  const names = [...expression.matchAll(/\b((?:latchkey|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)];
  return names.flatMap(([, name = '', selector = '']) => {
    const samples = metrics.split('\n').filter((line) => new RegExp(`^${name}[ {]`).test(line));
    const labels = [...selector.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label);
    return samples.length === 0
      ? [name]
      : labels
          .filter((label) => !OTHER_LABELS.includes(label))
          .filter((label) => !samples.some((line) => line.includes(`${label}="`)))
          .map((label) => `${name}{${label}}`);
  });
}

/** Returns the name of a series with the names of its labels. */
function withLabels(name: string): string {
  const [, labels = ''] = new RegExp(`^${name}(?:_count)?\\{(.*)\\} `, 'm').exec(metrics) ?? [];
  const names = [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label);
  return names.length === 0 ? name : `${name}{${names.join()}}`;
}

describe(`docs/${PAGE}`, () => {
  it('explains every series, and no other', () => {
    const families = [
      ...readFileSync(`docs/${PAGE}`, 'utf8').matchAll(/`((?:latchkey|nodejs|process)_\w+)[`{*]/g),
    ].map(([, name = '']) => name);

    expect(families.length).toBeGreaterThan(6);
    expect(families.filter((name) => !metrics.includes(`\n# TYPE ${name}`))).toEqual([]);
    const served = [...metrics.matchAll(/^# TYPE (latchkey_\w+)/gm)].map(([, name = '']) => name);
    expect(served.filter((name) => !families.includes(name))).toEqual([]);
  });

  it('lists the labels of every series', () => {
    const rows = readFileSync(`docs/${PAGE}`, 'utf8').matchAll(/^\| (`latchkey_\w+[`{].*?) +\|/gm);
    const listed = [...rows]
      .flatMap(([, cell = '']) => cell.split(', '))
      .map((series) => series.replaceAll('`', ''));

    expect(listed.length).toBeGreaterThan(10);
    expect(listed.filter((series) => series !== withLabels(series.replace(/\{.*/, '')))).toEqual([]);
  });

  it('shows the metrics to an administrator', async () => {
    expect(withPlaceholders(await page.run('/metrics'))).toMatch(responseOnPage(PAGE, '/metrics'));
  });

  it('replaces the token of Prometheus', async () => {
    const expiry = /^latchkey_scrape_token_expiry_timestamp_seconds (\d+)$/m;
    expect(Number(expiry.exec(metrics)?.[1])).toBeGreaterThan(Date.now() / 1_000 + 364 * 86_400);
    const { body } = await server.client.request('GET', '/users/prometheus/tokens', { headers: asAdmin });
    const [{ id }] = (body as { items: [{ id: string }] }).items;

    await new CommandsOnPage(PAGE, ...inTest).run('/latchkey-token');
    inTest[0].ID = id;
    const output = await page.run('latchkey revoke');

    expect(output).toContain(id);
    expect(await scrape()).toMatch(expiry);
  });

  it('keeps the token of Prometheus if the new one cannot be created', async () => {
    const file = join(folder, 'latchkey-token');
    const token = readFileSync(file, 'utf8');
    const [environment, replacements] = inTest;
    const expired = new CommandsOnPage(PAGE, { ...environment, TOKEN: 'expired' }, replacements);

    await expect(expired.run('/latchkey-token')).rejects.toThrow(/401/);

    expect(readFileSync(file, 'utf8')).toBe(token);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('has no other commands than these and promtool', () => {
    expect(page.notRun).toEqual([expect.stringMatching(/^promtool test rules/)]);
  });

  it('explains each alert', () => {
    const text = readFileSync(`docs/${PAGE}`, 'utf8');

    expect(rules.filter(({ alert }) => !text.includes(`\`${alert}\``)).map(({ alert }) => alert)).toEqual([]);
  });
});

describe('deploy/monitoring', () => {
  it('links each alert to an existing section', () => {
    expect(rules.length).toBeGreaterThan(5);
    const links = rules.map(({ annotations }) => annotations.runbook);
    expect(links.filter((link) => !link.startsWith('docs/') || !hasTarget('README.md', link))).toEqual([]);
  });

  it('tests when each alert fires, and when it does not', () => {
    const tested = (isQuiet: boolean) =>
      new Set(
        ruleTests
          .filter(({ exp_alerts: alerts }) => (alerts.length === 0) === isQuiet)
          .map(({ alertname }) => alertname),
      );
    const alerts = new Set(rules.map(({ alert }) => alert));

    expect(tested(true)).toEqual(alerts);
    expect(tested(false)).toEqual(alerts);
  });

  it('uses metrics and labels that the server returns', () => {
    const used = [...rules.map(({ expr }) => expr), ...expressions];

    expect(used.length).toBeGreaterThan(20);
    expect(used.flatMap(unknownIn)).toEqual([]);
    expect(unknownIn('rate(latchkey_logins{result="failure"}[5m])')).toEqual(['latchkey_logins']);
    expect(unknownIn('latchkey_logins_total{job="a", results="failure"}')).toEqual([
      'latchkey_logins_total{results}',
    ]);
  });

  it('has a dashboard that matches the schema', () => {
    const validate = new Ajv().compile(DASHBOARD_SCHEMA);

    expect(validate(dashboard) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...dashboard, panels: [{ id: 1 }] })).toBe(false);
  });

  it('has panels side by side, with ids and titles of their own', () => {
    const { panels } = dashboard;
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );

    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  });

  it('has a dashboard that uses its variables only', () => {
    const names = dashboard.templating.list.map(({ name }) => name);
    const used = [...JSON.stringify(dashboard).matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);

    expect(used.filter((name) => ![...names, '__rate_interval'].includes(name))).toEqual([]);
  });
});

const isInstalled = spawnSync('promtool', ['--version']).status === 0;

describeIfInstalled(
  isInstalled ? null : 'promtool: apt-get install promtool',
  'deploy/monitoring with Prometheus',
  () => {
    const promtool = (...words: string[]) => {
      const { status, stdout, stderr } = spawnSync('promtool', words, { encoding: 'utf8' });
      return { status, output: stdout + stderr };
    };

    /** Returns a file of rules with an expression, and with values for the variables of Grafana. */
    function rulesFile(list: string[]): string {
      const file = join(folder, 'expressions.yml');
      const values = list.map((expression) =>
        expression
          .replaceAll('$__rate_interval', '5m')
          .replaceAll('$job', 'latchkey')
          .replaceAll('$instance', '.*'),
      );
      const records = values.map((expr, index) => ({ record: `panel:${index}`, expr }));
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: records }] }));
      return file;
    }

    it('passes the checks of the rules', () => {
      const { status, output } = promtool('check', 'rules', join(FOLDER, 'latchkey.rules.yml'));

      expect({ status, output }).toEqual({
        status: 0,
        output: expect.stringContaining(`${rules.length} rules found`),
      });
    });

    it('passes the tests of the rules', () => {
      const { status, output } = promtool('test', 'rules', join(FOLDER, 'latchkey.rules.test.yml'));

      expect({ status, output }).toMatchObject({ status: 0 });
    });

    it('fails the tests of the rules when a threshold changes', () => {
      const alert = 'LatchkeyScrapeTokenExpiring';
      const changed = rules
        .filter((rule) => rule.alert === alert)
        .map((rule) => ({ ...rule, expr: rule.expr.replace('14 * 86400', '4 * 86400') }));
      const tests = rulesTests.tests.map((test) => ({
        ...test,
        alert_rule_test: test.alert_rule_test.filter(({ alertname }) => alertname === alert),
      }));
      // JSON is valid YAML.
      writeFileSync(
        join(folder, 'latchkey.rules.yml'),
        JSON.stringify({ groups: [{ name: 'latchkey', rules: changed }] }),
      );
      writeFileSync(
        join(folder, 'latchkey.rules.test.yml'),
        JSON.stringify({ ...rulesTests, tests: tests.filter((test) => test.alert_rule_test.length > 0) }),
      );

      const { status, output } = promtool('test', 'rules', join(folder, 'latchkey.rules.test.yml'));

      expect(status).toBe(1);
      expect(output).toContain('LatchkeyScrapeTokenExpiring');
    });

    it('understands the expressions of the dashboard', () => {
      const { status, output } = promtool('check', 'rules', rulesFile(expressions));

      expect({ status, output }).toMatchObject({ status: 0 });
      expect(promtool('check', 'rules', rulesFile(['sum(rate(up[5m]) by (job)'])).status).toBe(1);
    });
  },
);
