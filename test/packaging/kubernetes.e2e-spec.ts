import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Deployment } from 'kubernetes-types/apps/v1.js';
import { type Service } from 'kubernetes-types/core/v1.js';
import { type Ingress, type NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import { type PodDisruptionBudget } from 'kubernetes-types/policy/v1.js';
import ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { SECRET_VARIABLES, VARIABLES } from '../../apps/api/src/platform/config/variables.js';
import { codeOnPage } from '../docs/code-on-page.js';
import { describeIfInstalled } from '../support/external-programs.js';

interface Resource {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}
interface Kustomization {
  resources: string[];
  configMapGenerator: { name: string; literals: string[] }[];
}

const FOLDER = 'deploy/kubernetes';
const MODULES: Record<string, string> = {
  'apps/v1': 'apps/v1',
  'networking.k8s.io/v1': 'networking/v1',
  'policy/v1': 'policy/v1',
  v1: 'core/v1',
};
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const kustomization = parse(read('kustomization.yaml')) as Kustomization;
const [overlay = '', ingress = ''] = codeOnPage('operations/kubernetes.md', 'yaml');
const page = readFileSync('docs/operations/kubernetes.md', 'utf8');

const manifest = <T>(name: string) => parse(read(name), { merge: true }) as T;
const deployment = manifest<Deployment>('deployment.yaml').spec;
const pod = deployment?.template.spec;
const [container] = pod?.containers ?? [];
const settings = settingsOf(kustomization);
const missing =
  spawnSync('kustomize', ['version']).status === 0 ? null : 'kustomize: apt-get install kustomize';

function settingsOf({ configMapGenerator }: Kustomization): Record<string, string> {
  const literals = configMapGenerator.flatMap((generator) => generator.literals);
  return Object.fromEntries(literals.map((text) => text.split(/=(.*)/s).slice(0, 2) as [string, string]));
}

/** Compiles resources as literals of their types in the Kubernetes API, and returns the errors. */
function typeErrors(resources: Resource[]): string[] {
  const file = resolve('test/packaging/resources.ts');
  const source = resources.map((resource, index) => {
    const type = `import('kubernetes-types/${MODULES[resource.apiVersion]}.js').${resource.kind}`;
    return `export const resource${index}: ${type} = ${JSON.stringify(resource)};`;
  });
  const options = { noEmit: true, strict: true, skipLibCheck: true, types: [], lib: ['lib.es5.d.ts'] };
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([file], options, {
    ...host,
    fileExists: (name) => name === file || host.fileExists(name),
    getSourceFile: (name, target) =>
      name === file ? ts.createSourceFile(name, source.join('\n'), target) : host.getSourceFile(name, target),
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

const resources = kustomization.resources.map((name) => manifest<Resource>(name));

describe('deploy/kubernetes', () => {
  it('lists all manifests', () => {
    expect([...kustomization.resources, 'kustomization.yaml'].sort()).toEqual(readdirSync(FOLDER).sort());
  });

  it('matches the types of the Kubernetes API', () => {
    expect(typeErrors(resources)).toEqual([]);
  });

  it('would not match with a misspelled field or a wrong type', () => {
    const changed = [
      ['readOnlyRootFilesystem', 'readOnlyRootFileSystem'],
      ["cpu: '2'", 'cpu: 2'],
    ].map(
      ([from = '', to = '']) => parse(read('deployment.yaml').replace(from, to), { merge: true }) as Resource,
    );

    expect(typeErrors(changed)).toEqual([
      expect.stringMatching(/readOnlyRootFileSystem.* does not exist in type 'SecurityContext'/),
      expect.stringContaining("'number' is not assignable to type 'string'"),
    ]);
  });

  it('selects the pods everywhere', () => {
    const labels = deployment?.template.metadata?.labels;
    const [spread] = pod?.topologySpreadConstraints ?? [];

    expect(labels).toEqual({ 'app.kubernetes.io/name': 'latchkey' });
    expect([
      deployment?.selector.matchLabels,
      spread?.labelSelector?.matchLabels,
      manifest<Service>('service.yaml').spec?.selector,
      manifest<PodDisruptionBudget>('pod-disruption-budget.yaml').spec?.selector?.matchLabels,
      manifest<NetworkPolicy>('network-policy.yaml').spec?.podSelector.matchLabels,
    ]).toEqual(Array(5).fill(labels));
  });

  it('fulfils the restricted profile, with a read-only root and without an account of the cluster', () => {
    expect(pod?.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod?.automountServiceAccountToken).toBe(false);
    expect((pod?.volumes ?? []).filter(({ projected, emptyDir }) => !projected && !emptyDir)).toEqual([]);
  });

  it('runs as the user of the image', () => {
    const [, user, group] = /^USER (\d+):(\d+)$/m.exec(readFileSync('Dockerfile', 'utf8')) ?? [];
    const { runAsUser, runAsGroup, fsGroup } = pod?.securityContext ?? {};

    expect([runAsUser, runAsGroup, fsGroup].map(String)).toEqual([user, group, group]);
  });

  it('mounts the writable folders and the secrets of the image', () => {
    const paths = (container?.volumeMounts ?? []).map(({ mountPath }) => mountPath);

    expect(paths.sort()).toEqual(['/data', '/tmp', settings['CREDENTIALS_DIRECTORY']].sort());
  });

  it('starts no pod without the database and the audit key', () => {
    const sources = pod?.volumes?.flatMap(({ projected }) => projected?.sources ?? []) ?? [];
    const keysOf = (optional?: true) =>
      sources
        .filter(({ secret }) => secret?.name === 'latchkey' && secret.optional === optional)
        .flatMap(({ secret }) => secret?.items ?? [])
        .map(({ key, path }) => [key, path]);
    const files = (...names: string[]) => names.map((name) => [`latchkey.${name}`, `latchkey.${name}`]);

    expect(keysOf()).toEqual(files('DATABASE_URL', 'LATCHKEY_AUDIT_KEY'));
    expect([...keysOf(), ...keysOf(true)].sort()).toEqual(
      [...files('DATABASE_URL', ...SECRET_VARIABLES), ['postgres-ca.pem', 'postgres-ca.pem']].sort(),
    );
  });

  it('restarts a pod for its liveness only', () => {
    const { livenessProbe, startupProbe, readinessProbe } = container ?? {};
    const pathOf = (probe: typeof livenessProbe) => probe?.httpGet?.path;

    expect([livenessProbe, startupProbe, readinessProbe].map(pathOf)).toEqual([
      '/health/live',
      '/health/live',
      '/health/ready',
    ]);
  });

  it('replaces no pod before the new one is ready', () => {
    expect(deployment?.replicas).toBeGreaterThan(1);
    expect(deployment?.strategy?.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
  });

  it('waits longer than a server needs to stop', () => {
    const { drainSeconds, shutdownSeconds } = Config.read({
      LATCHKEY_DRAIN_SECONDS: settings['LATCHKEY_DRAIN_SECONDS'],
    });
    const [program, seconds] = container?.lifecycle?.preStop?.exec?.command ?? [];

    expect(program).toBe('sleep');
    expect(drainSeconds).toBeGreaterThan(0);
    expect(pod?.terminationGracePeriodSeconds).toBeGreaterThan(
      Number(seconds) + 2 * drainSeconds + 2 + shutdownSeconds,
    );
  });

  it('drains as long as in compose.yaml, whose rolling restarts are tested', () => {
    const compose = readFileSync('compose.yaml', 'utf8');

    expect(compose).toContain(`LATCHKEY_DRAIN_SECONDS: ${settings['LATCHKEY_DRAIN_SECONDS']}\n`);
  });
});

describe('docs/operations/kubernetes.md', () => {
  it('sets valid variables', () => {
    const all = { ...settings, ...settingsOf(parse(overlay) as Kustomization) };

    expect(Object.keys(all).filter((name) => !(name in VARIABLES))).toEqual(['CREDENTIALS_DIRECTORY']);
    expect(Config.read(all).trustedProxies).toHaveLength(1);
  });

  it('routes the host name to the Service', () => {
    const resource = parse(ingress) as Ingress & Resource;
    const [rule] = resource.spec?.rules ?? [];
    const backend = rule?.http?.paths[0]?.backend.service;
    const service = manifest<Service>('service.yaml');

    expect(typeErrors([resource])).toEqual([]);
    expect(parse(overlay)).toHaveProperty(
      'configMapGenerator.0.literals',
      expect.arrayContaining([`LATCHKEY_PUBLIC_URL=https://${rule?.host}`]),
    );
    expect([backend?.name, backend?.port?.number]).toEqual([
      service.metadata?.name,
      service.spec?.ports?.[0]?.port,
    ]);
  });

  it('creates a Secret with all secrets', () => {
    const files = [...page.matchAll(/--from-file=(latchkey\.\S+)/g)].map(([, name]) => name);
    const written = [...page.matchAll(/> (latchkey\.\w+)$/gm)].map(([, name]) => name);

    expect(files.sort()).toEqual(
      ['DATABASE_URL', ...SECRET_VARIABLES].map((name) => `latchkey.${name}`).sort(),
    );
    expect(written.sort()).toEqual(files);
  });
});

describe('the database in docs/operations/kubernetes.md', () => {
  it('is used with TLS and the mounted certificate', () => {
    const [, url = ''] = /echo "(postgres:[^"]*)"/.exec(page) ?? [];
    const { searchParams } = new URL(url);
    const certificate = searchParams.get('sslrootcert') ?? '';

    expect(searchParams.get('sslmode')).toBe('verify-full');
    expect(dirname(certificate)).toBe(settings['CREDENTIALS_DIRECTORY']);
    expect(read('deployment.yaml')).toContain(`path: ${basename(certificate)} `);
    expect(page).toContain(`--from-file=${basename(certificate)}\n`);
  });
});

describeIfInstalled(missing, 'kustomize', () => {
  it('builds the overlay of the documentation', () => {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-kubernetes-'));
    try {
      cpSync(FOLDER, join(folder, FOLDER), { recursive: true });
      writeFileSync(join(folder, 'kustomization.yaml'), overlay);
      const { stdout, stderr } = spawnSync('kustomize', ['build', folder], { encoding: 'utf8' });
      const built = parseAllDocuments(stdout).map((each) => each.toJS() as Resource);

      expect(stderr).toBe('');
      expect(built.map(({ kind }) => kind).sort()).toEqual(
        ['ConfigMap', ...resources.map(({ kind }) => kind)].sort(),
      );
      expect(built.filter(({ metadata }) => metadata.namespace !== 'latchkey')).toEqual([]);
      expect(typeErrors(built)).toEqual([]);
      expect(stdout).toMatch(/image: registry\.example\.com\/latchkey:\d/);
      expect(stdout).toMatch(/configMapRef:\s+name: latchkey-\w+/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
