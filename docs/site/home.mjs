// Home page of the site, from the README of the repository.
import { readFileSync } from 'node:fs';

/** Sections that the site shows otherwise: as features, and as navigation. */
const SHOWN_OTHERWISE = ['Features', 'Next steps'];

/** Returns the Markdown of the home page. */
export function homePage() {
  const [introduction, ...sections] = readFileSync('README.md', 'utf8').split(/^## /m);
  const [title, text, tagline] = introduction.split('\n\n');
  const [, image] = /\]\(docs(\/screenshots\/[\w-]+)-light\.png\)/.exec(introduction);
  const bodies = new Map(sections.map((section) => [section.split('\n', 1)[0], section]));
  const frontmatter = {
    layout: 'home',
    title: 'Home',
    hero: {
      name: title.slice(2),
      text,
      tagline: inline(tagline),
      image: { light: `${image}-light.png`, dark: `${image}-dark.png`, alt: 'The console' },
      actions: [
        { theme: 'brand', text: 'Get started', link: '/get-started' },
        { theme: 'alt', text: 'Protect your API', link: '/guides/protect-your-api' },
        { theme: 'alt', text: 'HTTP API', link: '/reference/api/' },
      ],
    },
    features: features(bodies.get('Features')),
  };
  const others = [...bodies]
    .filter(([name]) => !SHOWN_OTHERWISE.includes(name))
    .map(([, body]) => `## ${body}`);
  return `---\n${JSON.stringify(frontmatter, null, 2)}\n---\n\n${others.join('')}`;
}

/** Returns the items of the list of features: a title in bold, and its explanation. */
function features(section) {
  const [, ...items] = section.split(/^- \*\*/m);
  return items.map((item) => {
    const [title, details] = item.split('**');
    return { title, details: sentence(inline(details.replace(/^[:,]/, ''))) };
  });
}

/** Returns one paragraph of Markdown as HTML, without its links. */
const inline = (markdown) =>
  markdown
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>');

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);
