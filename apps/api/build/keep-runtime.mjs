// Leaves in node_modules what the bundle asks for, with what that needs: for images. Everything else is in the bundle, or
// was for a build. It cannot be undone but by `npm ci`.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EXTERNAL_PACKAGES } from './external-packages.mjs';

const FOLDER = 'node_modules';
/** What is left of the one package that is compiled: its sources and what a compiler wrote on the way are ten times the rest. */
const COMPILED = {
  package: 'better-sqlite3',
  kept: new Set(['package.json', 'LICENSE', 'lib', 'build']),
  keptInRelease: 'better_sqlite3.node',
};
/** Fetches what is compiled when it is installed; nobody asks for it later. */
const INSTALLER = 'prebuild-install';

const kept = withDependencies(EXTERNAL_PACKAGES);
for (const name of installed()) {
  if (!kept.has(name)) {
    rmSync(join(FOLDER, name), { recursive: true });
  }
}
keepCompiled();
removeSourceMaps();

/** Names of packages, and of those they need, as far as they are installed. */
function withDependencies(names, found = new Set()) {
  for (const name of names) {
    const manifest = join(FOLDER, name, 'package.json');
    if (name !== INSTALLER && !found.has(name) && existsSync(manifest)) {
      found.add(name);
      const { dependencies, optionalDependencies } = JSON.parse(readFileSync(manifest, 'utf8'));
      withDependencies(Object.keys({ ...dependencies, ...optionalDependencies }), found);
    }
  }
  return found;
}

function installed() {
  return readdirSync(FOLDER).flatMap((entry) =>
    entry.startsWith('@') ? readdirSync(join(FOLDER, entry)).map((name) => `${entry}/${name}`) : [entry],
  );
}

function keepCompiled() {
  const folder = join(FOLDER, COMPILED.package);
  const release = join(folder, 'build/Release');
  const unwanted = [
    ...readdirSync(folder)
      .filter((name) => !COMPILED.kept.has(name))
      .map((name) => join(folder, name)),
    ...readdirSync(join(folder, 'build'))
      .filter((name) => name !== 'Release')
      .map((name) => join(folder, 'build', name)),
    ...readdirSync(release)
      .filter((name) => name !== COMPILED.keptInRelease)
      .map((name) => join(release, name)),
  ];
  unwanted.forEach((path) => rmSync(path, { recursive: true }));
}

function removeSourceMaps() {
  readdirSync(FOLDER, { recursive: true })
    .filter((path) => path.endsWith('.map'))
    .forEach((path) => rmSync(join(FOLDER, path)));
}
