import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, it } from '@jest/globals';
import { PYTHON, PYTHON_ENVIRONMENT } from './build-example.mjs';
import { freePort } from './free-port.mjs';
import { recordOutput } from './server-process.js';

const START_MILLISECONDS = 60_000;

/** Program to run in a temporary folder. */
export interface ProgramOptions {
  program: string;
  arguments: string[];
  /** Contents of files in the folder, by name. */
  files: Record<string, string>;
  environment?: Record<string, string>;
}

/** Program that runs as a process of its own, on a free port of the loopback interface. */
export class ExternalProgram {
  private constructor(
    readonly baseUrl: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  /** Starts a program and waits until it listens on the port. */
  static async start(optionsFor: (folder: string, port: number) => ProgramOptions): Promise<ExternalProgram> {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-program-'));
    const port = await freePort();
    const { program, arguments: words, files, environment } = optionsFor(folder, port);
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), content);
    }
    const child = spawn(program, words, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: 'pipe',
    });
    const output = recordOutput(child);
    const running = new ExternalProgram(`http://127.0.0.1:${port}`, folder, child);
    const deadline = Date.now() + START_MILLISECONDS;
    while (!(await isListening(port))) {
      if (child.exitCode !== null || Date.now() > deadline) {
        await running.stop();
        throw new Error(`${program} did not start: ${output.join('')}`);
      }
      await pause(50);
    }
    return running;
  }

  /** Stops the program and removes its folder. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill('SIGTERM');
      await once(this.child, 'close');
    }
    rmSync(this.folder, { recursive: true });
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

/**
 * Describes tests that need a program of the system. If it is not installed they are skipped, and the end of
 * the output reports that.
 *
 * @param missing how to install the program, such as `nginx: apt-get install nginx`; `null` if it is
 *   installed.
 */
export function describeIfInstalled(missing: string | null, title: string, tests: () => void): void {
  if (missing === null) {
    describe(title, tests);
  } else {
    it.skip(`${title} needs ${missing}`, () => undefined);
  }
}

/**
 * Asks npm's cache, then the package registry, for a package that a test installs.
 *
 * @returns the missing requirement, for `describeIfInstalled`; `null` if there is a response.
 */
export function registryMissing(name: string): string | null {
  const options = ['--prefer-offline', '--fetch-retries=0', '--fetch-timeout=15000'];
  const { status } = spawnSync('npm', ['view', name, 'version', ...options]);
  return status === 0 ? null : 'registry: connect npm to a package registry';
}

const missingForPython = [
  ...['django', 'fastapi', 'flask', 'mypy', 'pytest', 'uvicorn'].filter(
    (name) => !existsSync(`/usr/lib/python3/dist-packages/${name}`),
  ),
  ...(existsSync('/usr/share/python-wheels') ? [] : ['venv']),
].map((name) => `python3-${name}`);

/** Command that installs the frameworks and tools of the Python client; `null` if they are installed. */
export const PYTHON_MISSING =
  missingForPython.length === 0 ? null : `Python: apt-get install ${missingForPython.join(' ')}`;

/** Runs Python until it exits, and returns its standard output. Throws with all output if it fails. */
export async function runPython(words: string[]): Promise<string> {
  const options = { env: { ...process.env, ...PYTHON_ENVIRONMENT }, maxBuffer: 2 ** 26 };
  const { stdout } = await promisify(execFile)(PYTHON, words, options).catch(
    (error: Error & { stdout?: string; stderr?: string }) => {
      throw new Error(`Python failed: ${error.stdout ?? ''}${error.stderr ?? ''}`);
    },
  );
  return stdout;
}

const nginx = ['nginx', '/usr/sbin/nginx'].find((path) => spawnSync(path, ['-v']).status === 0);

/** Command that installs nginx; `null` if it is installed. */
export const NGINX_MISSING = nginx === undefined ? 'nginx: apt-get install nginx' : null;

const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** Otherwise the workers of root could not write large bodies to the folder. */
const ROOT = process.getuid?.() === 0 ? 'user root;' : '';

/** Starts nginx. @param blocks returns the content of the `http` block for a port. */
export function startNginx(blocks: (port: number) => string): Promise<ExternalProgram> {
  return ExternalProgram.start((folder, port) => ({
    program: nginx ?? '',
    arguments: ['-p', folder, '-e', 'stderr', '-c', 'nginx.conf'],
    files: {
      'nginx.conf': `
        ${ROOT} daemon off; pid ${folder}/pid; worker_processes 1; error_log stderr;
        events {}
        http {
          access_log off;
          ${TEMPORARY.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
          ${blocks(port)}
        }`,
    },
  }));
}

/**
 * Returns the content of `deploy/nginx.conf` with the addresses of two other replicas, such as
 * `127.0.0.1:3000`.
 *
 * @param text a changed version of that file.
 */
export function deployedNginx(
  [first, second]: readonly [string, string],
  text = readFileSync('deploy/nginx.conf', 'utf8'),
): (port: number) => string {
  const configuration = text.replaceAll('latchkey-a:3000', first).replaceAll('latchkey-b:3000', second);
  return (port) => configuration.replace('listen 8080', `listen 127.0.0.1:${port}`);
}

/** Command that installs Caddy; `null` if it is installed. */
export const CADDY_MISSING =
  spawnSync('caddy', ['version']).status === 0 ? null : 'Caddy: apt-get install caddy';

/** Starts Caddy. @param sites returns the sites of the Caddyfile for a port. */
export function startCaddy(sites: (port: number) => string): Promise<ExternalProgram> {
  return ExternalProgram.start((folder, port) => ({
    program: 'caddy',
    arguments: ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'],
    // The default is an administration port, and files in the home folder.
    files: { Caddyfile: `{\n\tadmin off\n}\n${sites(port)}` },
    environment: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  }));
}

const haproxy = ['haproxy', '/usr/sbin/haproxy'].find((path) => spawnSync(path, ['-v']).status === 0);

/** Command that installs HAProxy; `null` if it is installed. */
export const HAPROXY_MISSING = haproxy === undefined ? 'HAProxy: apt-get install haproxy' : null;

/**
 * Starts HAProxy.
 *
 * @param files returns its configuration, and the script that it loads, for a folder and a port.
 */
export function startHaproxy(
  files: (folder: string, port: number) => Record<'haproxy.cfg' | 'latchkey.lua', string>,
): Promise<ExternalProgram> {
  return ExternalProgram.start((folder, port) => ({
    program: haproxy ?? '',
    arguments: ['-db', '-f', 'haproxy.cfg'],
    files: files(folder, port),
  }));
}

const APACHE_MODULES = '/usr/lib/apache2/modules';
const apache = ['apache2', '/usr/sbin/apache2'].find((path) => spawnSync(path, ['-v']).status === 0);
const hasLuaSocket = ['5.1', '5.3', '5.4'].some((version) =>
  existsSync(`/usr/share/lua/${version}/socket/http.lua`),
);

/** Command that installs Apache httpd with LuaSocket; `null` if both are installed. */
export const APACHE_MISSING =
  apache !== undefined && hasLuaSocket && existsSync(`${APACHE_MODULES}/mod_lua.so`)
    ? null
    : 'Apache: apt-get install apache2 lua-socket';

/** Command that installs Apache's module for OAuth; `null` if it is installed. */
export const MOD_OAUTH2_MISSING =
  apache !== undefined && existsSync(`${APACHE_MODULES}/mod_oauth2.so`)
    ? null
    : 'mod_oauth2: apt-get install libapache2-mod-oauth2';

/** Command that installs Authlib; `null` if it is installed. */
export const AUTHLIB_MISSING = ['authlib', 'requests'].every((name) =>
  existsSync(`/usr/lib/python3/dist-packages/${name}`),
)
  ? null
  : 'Authlib: apt-get install python3-authlib python3-requests';

/** Modules that Debian enables, and those that the guide enables. */
const APACHE_ENABLED = ['mpm_event', 'authz_core', 'setenvif', 'headers', 'proxy', 'proxy_http', 'lua'];

/**
 * Starts Apache httpd.
 *
 * @param files returns a site, and the script that it loads, if any, for a folder and a port.
 * @param modules modules besides those of the guide.
 */
export function startApache(
  files: (
    folder: string,
    port: number,
  ) => Record<'site.conf', string> & Partial<Record<'latchkey.lua', string>>,
  modules: readonly string[] = [],
): Promise<ExternalProgram> {
  return ExternalProgram.start((folder, port) => {
    // Its workers are not root.
    chmodSync(folder, 0o755);
    return {
      program: apache ?? '',
      arguments: ['-f', `${folder}/apache2.conf`, '-DFOREGROUND'],
      files: {
        'apache2.conf': `
          ServerRoot ${folder}
          ServerName localhost
          PidFile ${folder}/pid
          ErrorLog ${folder}/error.log
          DefaultRuntimeDir ${folder}
          User www-data
          Group www-data
          ${[...APACHE_ENABLED, ...modules].map((name) => `LoadModule ${name}_module ${APACHE_MODULES}/mod_${name}.so`).join('\n')}
          Include ${folder}/site.conf`,
        ...files(folder, port),
      },
    };
  });
}
