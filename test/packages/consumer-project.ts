import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** Jest starts in the root of the repository. */
const ROOT = process.cwd();

const run = promisify(execFile);

/** Removes the variables that npm sets for the scripts it runs. */
function withoutNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^npm_/i.test(name)));
}

/** Empty project with packed libraries, outside the repository. */
export class ConsumerProject {
  private constructor(
    readonly folder: string,
    /** Paths of the packed libraries, by folder in `libs`. */
    readonly tarballs: Record<string, string>,
  ) {}

  /**
   * Packs the libraries, and installs them in a new project. Their dependencies are linked, so that npm
   * downloads nothing.
   */
  static async create(...libraries: string[]): Promise<ConsumerProject> {
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-consumer-'));
    const project = new ConsumerProject(folder, {});
    const packages = new Set<string>();
    await run(process.execPath, ['libs/pack.mjs', ...libraries, '--pack-destination', folder], {
      cwd: ROOT,
      env: withoutNpm(process.env),
    });
    for (const library of libraries) {
      const [tarball = ''] = (await readdir(folder)).filter((file) =>
        file.startsWith(`latchkey-${library}-`),
      );
      project.tarballs[library] = join(folder, tarball);
      const { dependencies = {} } = JSON.parse(
        await readFile(join(ROOT, 'libs', library, 'package.json'), 'utf8'),
      ) as { dependencies?: Record<string, string> };
      Object.keys(dependencies).forEach((name) => packages.add(resolve(ROOT, 'node_modules', name)));
    }
    await project.install(...Object.values(project.tarballs), ...packages);
    return project;
  }

  /** Creates a project with only one of the libraries. */
  async alone(library: string): Promise<ConsumerProject> {
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-consumer-'));
    const tarball = this.tarballs[library] ?? '';
    const project = new ConsumerProject(folder, { [library]: tarball });
    await project.install(tarball);
    return project;
  }

  /** Installs packages from files, without a registry or a cache. */
  private async install(...sources: string[]): Promise<void> {
    await writeFile(join(this.folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    const options = ['--offline', '--cache', join(this.folder, '.npm'), '--no-audit', '--no-fund'];
    await this.run('npm', 'install', ...options, ...sources);
  }

  /** Makes packages of the repository available to the project, as if they were installed. */
  async link(...packages: string[]): Promise<void> {
    for (const name of packages) {
      const link = join(this.folder, 'node_modules', name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(resolve(ROOT, 'node_modules', name), link);
    }
  }

  /** Runs a program in the project. Returns its output. */
  async run(command: string, ...args: string[]): Promise<string> {
    return (await run(command, args, { cwd: this.folder, env: withoutNpm(process.env) })).stdout;
  }

  /** Writes a script, and runs it with Node. Returns its output. */
  async runScript(file: string, code: string, ...args: string[]): Promise<string> {
    await writeFile(join(this.folder, file), code);
    return this.run(process.execPath, file, ...args);
  }

  /**
   * Checks the types of files and of the declarations as strictly as TypeScript can. Returns the errors.
   * Several files take little longer than one, because the declarations take most of the time.
   */
  async compile(files: Record<string, string>, ...options: string[]): Promise<string> {
    for (const [file, code] of Object.entries(files)) {
      await writeFile(join(this.folder, file), code);
    }
    return this.run(
      process.execPath,
      resolve(ROOT, 'node_modules/typescript/bin/tsc'),
      ...['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes'],
      ...['--module', 'nodenext', '--skipLibCheck', 'false', ...options, ...Object.keys(files)],
    ).catch((error: { stdout: string }) => error.stdout);
  }

  /** Folder of an installed library. */
  installed(library: string): string {
    return join(this.folder, 'node_modules/@latchkey', library);
  }

  /** Returns the paths of all installed packages. */
  async packages(): Promise<string[]> {
    const lock = await readFile(join(this.folder, 'node_modules/.package-lock.json'), 'utf8');
    return Object.keys((JSON.parse(lock) as { packages: object }).packages);
  }

  /** Returns the paths of the files of an installed library. */
  async files(library: string): Promise<string[]> {
    const folder = this.installed(library);
    return (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** Returns the CommonJS form of a script with ES imports. */
export function toCommonJs(code: string): string {
  return code.replaceAll(/^import (\{[^}]*\}) from (.*);$/gm, 'const $1 = require($2);');
}

/** Returns the errors in one file and in the declarations. */
export function errorsOf(file: string, errors: string): string[] {
  const isOther = (line: string) => /^\w+\.[cm]ts\(/.test(line) && !line.startsWith(file);
  return errors.split('\n').filter((line) => line !== '' && !isOther(line));
}
