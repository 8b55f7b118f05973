import { readFile } from 'node:fs/promises';

/** Leaves optional packages of Nest and TypeORM that are not installed out of the bundle. */
export const excludeMissing = {
  name: 'exclude-missing',
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /^[@\w]/ }, async ({ path, pluginData, kind, ...from }) => {
      if (pluginData === excludeMissing || kind === 'entry-point') {
        return undefined;
      }
      const found = await resolve(path, { ...from, kind, pluginData: excludeMissing });
      return found.errors.length > 0 ? { path, external: true } : found;
    }),
};

/** Makes Nest load packages from the bundle. It would load some with its own `require`, which esbuild cannot follow. */
export const resolveWithinBundle = {
  name: 'resolve-within-bundle',
  setup: ({ onLoad }) =>
    onLoad({ filter: /@nestjs.(mapped-types|typeorm).dist.*\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace('const require = createRequire(import.meta.url);', ''),
    })),
};
