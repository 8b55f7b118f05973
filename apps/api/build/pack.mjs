// Packs the built server, the console and the command line into latchkey-VERSION.tgz, which npm installs
// without the repository. Its dependencies are the packages outside the bundle, in the locked versions.
// --pack-destination FOLDER writes it to another folder.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXTERNAL_PACKAGES } from './external-packages.mjs';

/** The package has the layout of the repository, so that its programs run from both. */
const FILES = [
  'apps/api/bin',
  'dist/apps/api/bundle',
  'dist/apps/api/swagger-ui',
  'dist/apps/api/src/users/passwords/blocklist/common-passwords.txt.br',
  'dist/apps/api/src/users/passwords/blocklist/LICENSES.md',
  'dist/apps/api/src/common/confusables/prototypes.txt',
  'dist/apps/api/src/common/confusables/LICENSE.md',
  'dist/apps/admin/browser',
  'dist/apps/admin/3rdpartylicenses.txt',
  'deploy',
  'Dockerfile',
  'compose.yaml',
  '.env.example',
  'LICENSE',
  'CHANGELOG.md',
  'docs',
];

/**
 * Files of the documentation that need the repository. Without the screenshots, the package is half as large.
 */
const isForReaders = (path) => !/^docs.(site|screenshots)\b/.test(path);

/**
 * Not in a registry. npm does not install its dependency, so on Node 20 the user does: the package says so.
 */
const SQLITE_ON_NODE_20 = { name: '@latchkey/sqlite-node20', folder: 'libs/sqlite-node20' };

/** In the package, with its dependencies, so that npm does not download them. */
const INCLUDED = 'pg';

const isExternal = (name) => EXTERNAL_PACKAGES.includes(name);

const {
  values: { 'pack-destination': folder },
} = parseArgs({ options: { 'pack-destination': { type: 'string', default: '.' } } });
const missing = FILES.filter((path) => !existsSync(path));
if (missing.length > 0) {
  throw new Error(`Not built: ${missing.join(', ')}. Run npm run build first.`);
}
const stage = mkdtempSync(join(tmpdir(), 'latchkey-package-'));
try {
  for (const path of FILES) {
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    cpSync(path, join(stage, path), { recursive: true, filter: isForReaders });
  }
  copyWithDependencies(INCLUDED);
  copySqliteOnNode20(join(stage, 'node_modules', SQLITE_ON_NODE_20.name));
  cpSync('apps/api/package/README.md', join(stage, 'README.md'));
  const packed = manifest();
  writeJson(join(stage, 'package.json'), packed);
  writeJson(join(stage, 'npm-shrinkwrap.json'), lockFile(packed));
  const words = ['pack', stage, '--silent', '--pack-destination', folder];
  const file = join(folder, execFileSync('npm', words, { encoding: 'utf8' }).trim());
  const megabytes = (statSync(file).size / 1e6).toFixed(1);
  // Without ./, npm could read the path as the name of a repository.
  const path = isAbsolute(file) ? file : `./${file}`;
  console.log(`Created ${file} (${megabytes} MB). Install it: npm install ${path}`);
} finally {
  rmSync(stage, { recursive: true });
}

function copyWithDependencies(name) {
  const source = join('node_modules', name);
  const target = join(stage, source);
  if (existsSync(target)) {
    return;
  }
  cpSync(source, target, { recursive: true });
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(source, 'package.json'), 'utf8'),
  );
  Object.keys({ ...dependencies, ...optionalDependencies }).forEach(copyWithDependencies);
}

/**
 * Copies the package without its dependency. Otherwise `npm install --global` on Node 22 and later removes
 * both drivers.
 */
function copySqliteOnNode20(target) {
  cpSync(SQLITE_ON_NODE_20.folder, target, { recursive: true });
  const file = join(target, 'package.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), dependencies: undefined }));
}

function writeJson(file, value) {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Returns the part of the lock file that the package needs, with the versions and digests of all platforms.
 * npm reads it when it installs the package, and rejects a download with another digest.
 */
function lockFile(packed) {
  const { packages, lockfileVersion } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
  const locked = {};
  const lock = (from, names, isIncluded) => {
    for (const name of names) {
      const path = locatedFrom(from, name, packages);
      if (path !== undefined && !(path in locked)) {
        const entry = { ...packages[path] };
        // These depend on the root of the repository.
        ['dev', 'devOptional', 'resolved'].forEach((member) => delete entry[member]);
        const isInPackage = isIncluded || packed.bundleDependencies.includes(name);
        if (name === SQLITE_ON_NODE_20.name) {
          // Its dependency is not in the package. A registry that has the name cannot have this digest.
          delete entry.dependencies;
          entry.integrity = `sha512-${createHash('sha512').update(name).digest('base64')}`;
        }
        locked[path] = { ...entry, ...(isInPackage && { inBundle: true }) };
        lock(path, Object.keys({ ...entry.dependencies, ...entry.optionalDependencies }), isInPackage);
      }
    }
  };
  lock('', Object.keys({ ...packed.dependencies, ...packed.optionalDependencies }), false);
  return {
    name: packed.name,
    version: packed.version,
    lockfileVersion,
    requires: true,
    packages: { '': packed, ...locked },
  };
}

/** Returns the path of the package that Node would load by this name. */
function locatedFrom(path, name, packages) {
  for (let folder = path; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const candidate = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (candidate in packages || folder === '') {
      return candidate in packages ? candidate : undefined;
    }
  }
}

function manifest() {
  const { name, version, description, license, type, engines, bin, ...rest } = JSON.parse(
    readFileSync('package.json', 'utf8'),
  );
  const kept = (all) => Object.fromEntries(Object.entries(all).filter(([each]) => isExternal(each)));
  return {
    ...{ name, version, description, license, type, engines, bin },
    dependencies: kept(rest.dependencies),
    optionalDependencies: { ...kept(rest.optionalDependencies), [SQLITE_ON_NODE_20.name]: '*' },
    bundleDependencies: [SQLITE_ON_NODE_20.name, INCLUDED],
  };
}
