// Reference of a package from its docstrings.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, posix } from 'node:path';
import { Application, Converter, ReflectionKind } from 'typedoc';
import { slugOf } from './markdown.mjs';

const MODELS = 'auth-models';

/**
 * Returns the path and the Markdown of each page of a package's reference: an index, a page for each kind of
 * declaration, and a page for each other entry point.
 */
export async function* packagePages(name) {
  const folder = `reference/${name}/api`;
  const { '.': whole, ...entries } = await wholeReference(name);
  const [, ...kinds] = whole.split(/^## /m);
  const pages = kinds.map((text) => {
    const [kind] = text.split('\n', 1);
    return {
      title: kind,
      names: [...text.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading),
      file: `${slugOf(kind)}.md`,
      outline: '2',
      mainPage: '',
      text: text.slice(kind.length).replaceAll(/^##/gm, '#'),
    };
  });
  const files = new Map(pages.flatMap(({ names, file }) => names.map((each) => [slugOf(each), file])));
  pages.push(...Object.entries(entries).map(([path, text]) => entryPage(name, path, text)));
  const anchors = new Set(pages.flatMap(({ names }) => names.map(slugOf)));
  for (const { title, file, outline, mainPage, text } of pages) {
    const linked = text
      .replaceAll('***\n\n', '')
      // TypeDoc numbers some headings that are unique on the page.
      .replaceAll(/#([\w-]+)-\d+\)/g, (link, anchor) => (anchors.has(anchor) ? `#${anchor})` : link))
      // TypeDoc writes the main entry point to one page.
      .replaceAll(new RegExp(`\\]\\(${mainPage}#([\\w-]+)\\)`, 'g'), (link, anchor) =>
        files.has(anchor) ? `](${files.get(anchor)}#${anchor})` : link,
      )
      // Members have no page of their own.
      .replaceAll(/\[([^\]]+)\]\(index\.md#[\w-]+\)/g, '$1');
    yield [`${folder}/${file}`, `---\noutline: ${outline}\n---\n\n# ${title}\n${linked}`];
  }
  yield [`${folder}/index.md`, indexPage(name, pages)];
}

/**
 * Returns the page of an entry point such as `./verifier`. Declarations of other entry points become a list
 * of links.
 */
function entryPage(name, path, whole) {
  const [own, references = ''] = whole.split(/^## References$/m);
  const links = [...references.matchAll(/^Re-exports (.+)$/gm)].map(([, link]) => link);
  return {
    title: posix.join('@latchkey', name, path),
    names: [...own.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading),
    file: `${basename(path)}.md`,
    outline: '[2, 3]',
    mainPage: 'index.md',
    text:
      own.replace(/^# .*\n/, '') + (links.length === 0 ? '' : `## Also exported\n\n${links.join(', ')}\n`),
  };
}

function indexPage(name, pages) {
  const lists = pages.map(({ title, file, names }) => {
    const links = names.map((heading) => `[${heading}](${file}#${slugOf(heading)})`);
    return `## ${title}\n\n${links.join(', ')}\n`;
  });
  return `---\noutline: 2\n---\n\n# Reference of @latchkey/${name}\n\n${lists.join('\n')}`;
}

/** Returns the reference of each entry point as one text, with a section for each kind of declaration. */
async function wholeReference(name) {
  const { exports } = JSON.parse(readFileSync(`libs/${name}/package.json`, 'utf8'));
  const paths = Object.keys(exports).filter((path) => !path.endsWith('.json'));
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-docs-'));
  try {
    const app = await Application.bootstrapWithPlugins({
      name: `@latchkey/${name}`,
      plugin: ['typedoc-plugin-markdown'],
      outputs: [{ name: 'markdown', path: folder }],
      entryPoints: paths.map((path) => posix.join(`libs/${name}/src`, path, 'index.ts')),
      tsconfig: `libs/${name}/tsconfig.lib.json`,
      readme: 'none',
      logLevel: 'Warn',
      disableSources: true,
      // The client exports the types of the models, which have a reference of their own.
      ...(name !== MODELS && { externalPattern: [`**/libs/${MODELS}/**`], excludeExternals: true }),
      excludePrivate: true,
      outputFileStrategy: 'modules',
      hideBreadcrumbs: true,
      hidePageHeader: true,
      // Of the list of entry points, if there are several. The main one is index.md in both cases.
      entryFileName: paths.length === 1 ? 'index' : 'entry-points',
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
    return Object.fromEntries(
      paths.map((path) => {
        const file = path === '.' ? 'index.md' : `${basename(path)}.md`;
        return [path, readFileSync(join(folder, file), 'utf8')];
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
