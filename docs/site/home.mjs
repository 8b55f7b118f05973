// Home page of the site, from the README of the repository.
import { readFileSync } from 'node:fs';

/** Sections in their order on the site, where the navigation replaces the others. */
const SECTIONS = ['Start', 'First checked call', 'First session', 'Features', 'Not included'];

/** Returns the Markdown of the home page. */
export function homePage() {
  const [introduction, ...sections] = readFileSync('README.md', 'utf8').split(/^## /m);
  const [title, text, tagline] = introduction.split('\n\n');
  const [, image] = /\]\(docs(\/screenshots\/[\w-]+)-light\.png\)/.exec(introduction);
  const hero = {
    name: title.slice(2),
    text,
    tagline: tagline.replaceAll('\n', ' '),
    image: { light: `${image}-light.png`, dark: `${image}-dark.png`, alt: 'The home page of the console' },
    actions: [
      { theme: 'brand', text: 'Get started', link: '/get-started' },
      { theme: 'alt', text: 'Protect your API', link: '/guides/protect-your-api' },
      { theme: 'alt', text: 'HTTP API', link: '/reference/api/' },
    ],
  };
  const body = SECTIONS.map((name) => sectionOf(sections, name)).join('');
  return `---\n${JSON.stringify({ layout: 'home', titleTemplate: false, hero }, null, 2)}\n---\n\n${body}`;
}

function sectionOf(sections, name) {
  const section = sections.find((text) => text.startsWith(`${name}\n`));
  if (section === undefined) {
    throw new Error(`README.md has no section ${name}.`);
  }
  return `## ${section}`;
}
