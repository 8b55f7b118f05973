import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Deployment } from 'kubernetes-types/apps/v1.js';
import { type Service } from 'kubernetes-types/core/v1.js';
import { type NetworkPolicy } from 'kubernetes-types/networking/v1.js';
import { type PodDisruptionBudget } from 'kubernetes-types/policy/v1.js';
import ts from 'typescript';
import { parse, parseAllDocuments } from 'yaml';
import { Config } from '../../apps/api/src/platform/config/config.js';
import { SECRET_VARIABLES, VARIABLES } from '../../apps/api/src/platform/config/variables.js';
import { codeOnPage } from '../support/docs/code-on-page.js';
import { describeIfInstalled } from '../support/external-programs.js';

interface Resource {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}
/** Route of the Gateway API, which the types do not include. */
interface HttpRoute {
  spec: { hostnames: string[]; rules: { backendRefs: { name: string; port: number }[] }[] };
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
const [overlay = '', route = ''] = codeOnPage('operations/kubernetes.md', 'yaml');
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

/** Compiles resources as literals of their types in the Kubernetes API and returns the errors. */
function typeErrors(resources: Resource[]): string[] {
  const file = resolve('test/server/resources.ts');
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
    const { spec } = parse(route) as HttpRoute;
    const { metadata, spec: service } = manifest<Service>('service.yaml');

    expect(parse(overlay)).toHaveProperty(
      'configMapGenerator.0.literals',
      expect.arrayContaining([`LATCHKEY_PUBLIC_URL=https://${spec.hostnames.join()}`]),
    );
    expect(spec.rules).toEqual([
      { backendRefs: [{ name: metadata?.name, port: service?.ports?.[0]?.port }] },
    ]);
  });

  it('removes the first password from the Secret', () => {
    const [, patch = ''] = /kubectl patch secret[^']*'([^']*)'/.exec(page) ?? [];

    expect(JSON.parse(patch)).toEqual([{ op: 'remove', path: '/data/latchkey.LATCHKEY_ADMIN_PASSWORD' }]);
  });
});

describe('the Secret in docs/operations/kubernetes.md', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'latchkey-kubernetes-'));
    ['bin', 'created', 'safe', 'temporary'].forEach((name) => mkdirSync(join(folder, name)));
    writeFileSync(join(folder, 'postgres-ca.pem'), 'certificate');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Runs the commands with a script in place of kubectl. */
  function createSecret(kubectl: string) {
    const [block = ''] = codeOnPage('operations/kubernetes.md', 'sh').filter((code) =>
      code.includes('kubectl create secret generic'),
    );
    writeFileSync(join(folder, 'bin/kubectl'), `#!/bin/bash\n${kubectl}\n`, { mode: 0o755 });
    return spawnSync('bash', ['-c', block.replaceAll('/media/safe', join(folder, 'safe'))], {
      cwd: folder,
      env: { PATH: `${folder}/bin:${process.env['PATH']}`, TMPDIR: join(folder, 'temporary') },
      encoding: 'utf8',
    });
  }
  const contentOf = (name: string) => readFileSync(join(folder, name), 'utf8');
  /** Copies the files in the arguments `--from-file=FILE` and `--from-file=FOLDER`. */
  const COPY = `for each; do
    case $each in --from-file=*) find "\${each#*=}" -type f -exec cp {} created ';' ;; esac
  done`;

  it('has all secrets, and a database with TLS and the mounted certificate', () => {
    const { status, stdout } = createSecret(COPY);
    const files = readdirSync(join(folder, 'created'));
    const { searchParams } = new URL(contentOf('created/latchkey.DATABASE_URL').trim());

    expect(status).toBe(0);
    expect(files.sort()).toEqual(
      [...['DATABASE_URL', ...SECRET_VARIABLES].map((name) => `latchkey.${name}`), 'postgres-ca.pem'].sort(),
    );
    expect(stdout).toBe(contentOf('created/latchkey.LATCHKEY_ADMIN_PASSWORD'));
    expect(Object.fromEntries(searchParams)).toEqual({
      sslmode: 'verify-full',
      sslrootcert: `${settings['CREDENTIALS_DIRECTORY']}/postgres-ca.pem`,
    });
  });

  it('leaves nothing but the copies of the keys', () => {
    createSecret(COPY);

    expect(contentOf('safe/audit.key')).toBe(contentOf('created/latchkey.LATCHKEY_AUDIT_KEY'));
    expect(statSync(join(folder, 'safe/audit.key')).mode & 0o077).toBe(0);
    expect(readdirSync(join(folder, 'temporary'))).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['bin', 'created', 'postgres-ca.pem', 'safe', 'temporary']);
  });

  it('keeps the copy of the previous audit key if it exists already', () => {
    writeFileSync(join(folder, 'safe/audit.key'), 'previous');

    expect(createSecret('exit 1').status).toBe(1);
    expect(contentOf('safe/audit.key')).toBe('previous');
    expect(readdirSync(join(folder, 'temporary'))).toEqual([]);
  });
});

/** Builds an overlay beside the manifests. */
function kustomize(content: string): { stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-kubernetes-'));
  try {
    cpSync(FOLDER, join(folder, FOLDER), { recursive: true });
    writeFileSync(join(folder, 'kustomization.yaml'), content);
    return spawnSync('kustomize', ['build', folder], { encoding: 'utf8' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describeIfInstalled(missing, 'kustomize', () => {
  it('builds the overlay of the documentation', () => {
    const { stdout, stderr } = kustomize(overlay);
    const built = parseAllDocuments(stdout).map((each) => each.toJS() as Resource);

    expect(stderr).toBe('');
    expect(built.map(({ kind }) => kind).sort()).toEqual(
      ['ConfigMap', ...resources.map(({ kind }) => kind)].sort(),
    );
    expect(built.filter(({ metadata }) => metadata.namespace !== 'latchkey')).toEqual([]);
    expect(typeErrors(built)).toEqual([]);
    expect(stdout).toMatch(/image: registry\.example\.com\/latchkey:\d/);
    expect(stdout).toMatch(/configMapRef:\s+name: latchkey-\w+/);
  });

  it('names the image by its digest, as the page describes', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const { stdout, stderr } = kustomize(overlay.replace(/newTag: .*/, `digest: ${digest}`));

    expect(stderr).toBe('');
    expect(stdout).toContain(`image: registry.example.com/latchkey@${digest}\n`);
  });
});
