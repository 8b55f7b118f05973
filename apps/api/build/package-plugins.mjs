import { readFile } from 'node:fs/promises';

/** Packages that Nest and TypeORM ask for only where they are used, and that are not installed here. */
export const leaveOutMissing = {
  name: 'leave-out-missing',
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /^[@\w]/ }, async ({ path, pluginData, kind, ...from }) => {
      if (pluginData === leaveOutMissing || kind === 'entry-point') {
        return undefined;
      }
      const found = await resolve(path, { ...from, kind, pluginData: leaveOutMissing });
      return found.errors.length > 0 ? { path, external: true } : found;
    }),
};

/** Nest asks for some packages with a `require` of its own, past the bundle; with the usual one it finds those in here. */
export const askWithinBundle = {
  name: 'ask-within-bundle',
  setup: ({ onLoad }) =>
    onLoad({ filter: /@nestjs.(mapped-types|typeorm).dist.*\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace('const require = createRequire(import.meta.url);', ''),
    })),
};
