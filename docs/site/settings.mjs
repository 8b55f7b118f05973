// Page of the environment variables, from .env.example.
import { readFileSync } from 'node:fs';
import { titleOf } from './markdown.mjs';

/** Parts of the comments that are code: addresses, assignments, names of variables and of the file. */
const CODE = /[a-z]+:(?:\/\/|[A-Z])[\w:@/]+|\b[A-Z][A-Z_]*=\S*\w|\b[A-Z]+(?:_[A-Z]+)+\b|\.env\b/g;

/**
 * Returns the Markdown of a page with a section for each variable, the advanced ones last. Variables with a
 * common comment also share their lines.
 */
export function settingsPage(path) {
  const [introduction, ...groups] = readFileSync(path, 'utf8').trim().split('\n\n');
  const sections = groups.flatMap((group) => {
    const variables = [...group.matchAll(/^#?([A-Z][A-Z0-9_]+)=.*$/gm)];
    const lines = variables.map(([line]) => line).join('\n');
    if (variables.length === 0) {
      return group.replace(/^# (\w+): (.)/, (_, heading, first) => `## ${heading}\n\n${first.toUpperCase()}`);
    }
    return variables.map(([, name]) => `### ${name}\n\n${proseOf(group)}\n\n\`\`\`ini\n${lines}\n\`\`\`\n`);
  });
  return `---
outline: [2, 3]
---

# Environment variables

In the repository: \`${path}\`. A \`#\` precedes variables without a default.

${proseOf(introduction)}

## Common settings

${sections.join('\n')}`;
}

/** Returns the comments as Markdown, with links to the pages that they name. */
function proseOf(group) {
  const comments = [...group.matchAll(/^# (.+)$/gm)].map(([, text]) => text).join('\n');
  return comments
    .replaceAll(CODE, '`$&`')
    .replaceAll(/docs\/([\w/-]+\.md)/g, (file, page) => `[${titleOf(file)}](../${page})`);
}
