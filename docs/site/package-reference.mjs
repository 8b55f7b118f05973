// Reference of a package from its docstrings.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Application, Converter, ReflectionKind } from 'typedoc';
import { slugOf } from './markdown.mjs';

/** Returns the path and the Markdown of each page of a package's reference: an index, and a page for each kind of declaration. */
export async function* packagePages(name) {
  const folder = `reference/${name}/api`;
  const [, ...kinds] = (await wholeReference(name)).split(/^## /m);
  const pages = kinds.map((text) => {
    const [kind] = text.split('\n', 1);
    const anchors = [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => slugOf(heading));
    return {
      kind,
      anchors,
      file: `${slugOf(kind)}.md`,
      text: text.slice(kind.length).replaceAll(/^##/gm, '#').replaceAll('***\n\n', ''),
    };
  });
  const files = new Map(pages.flatMap(({ anchors, file }) => anchors.map((anchor) => [anchor, file])));
  for (const { kind, file, text } of pages) {
    const linked = text.replaceAll(/\]\(#([\w-]+)\)/g, (link, anchor) =>
      files.has(anchor) ? `](${files.get(anchor)}#${anchor})` : link,
    );
    yield [`${folder}/${file}`, `---\noutline: 2\n---\n\n# ${kind}\n${linked}`];
  }
  yield [`${folder}/index.md`, indexPage(name, pages)];
}

function indexPage(name, pages) {
  const lists = pages.map(({ kind, file, text }) => {
    const names = [...text.matchAll(/^## (.+)$/gm)].map(
      ([, heading]) => `[${heading}](${file}#${slugOf(heading)})`,
    );
    return `## ${kind}\n\n${names.join(', ')}\n`;
  });
  return `---\noutline: 2\n---\n\n# Reference of @latchkey/${name}\n\n${lists.join('\n')}`;
}

/** Returns the reference as one text, with a section for each kind of declaration. */
async function wholeReference(name) {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'));
  try {
    const app = await Application.bootstrapWithPlugins({
      name: `@latchkey/${name}`,
      plugin: ['typedoc-plugin-markdown'],
      outputs: [{ name: 'markdown', path: folder }],
      entryPoints: [`libs/${name}/src/index.ts`],
      tsconfig: `libs/${name}/tsconfig.lib.json`,
      readme: 'none',
      logLevel: 'Warn',
      disableSources: true,
      excludePrivate: true,
      outputFileStrategy: 'modules',
      hideBreadcrumbs: true,
      hidePageHeader: true,
      entryFileName: 'index',
      parametersFormat: 'table',
      classPropertiesFormat: 'table',
      interfacePropertiesFormat: 'table',
      typeDeclarationFormat: 'table',
      sanitizeComments: true,
    });
    // TypeScript forgets the names of unions, such as ErrorCode, which the declaration states.
    app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
      const [declaration] = context.getSymbolFromReflection(reflection)?.declarations ?? [];
      if (reflection.kind === ReflectionKind.Property && declaration?.type !== undefined) {
        reflection.type = context.converter.convertType(context.withScope(reflection), declaration.type);
      }
    });
    // Most classes have no constructor of their own.
    app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
      for (const constructor of project.getReflectionsByKind(ReflectionKind.Constructor)) {
        if (!constructor.signatures?.some(({ parameters = [] }) => parameters.length > 0)) {
          project.removeReflection(constructor);
        }
      }
      // The type of a constant, such as `256`, already shows its value.
      for (const constant of project.getReflectionsByKind(
        ReflectionKind.Variable | ReflectionKind.Property,
      )) {
        if (constant.type?.type === 'literal') {
          delete constant.defaultValue;
        }
      }
    });
    const project = await app.convert();
    if (project !== undefined) {
      await app.generateOutputs(project);
    }
    if (project === undefined || app.logger.hasErrors() || app.logger.hasWarnings()) {
      throw new Error(`TypeDoc has complaints about libs/${name}.`);
    }
    return readFileSync(join(folder, 'index.md'), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
