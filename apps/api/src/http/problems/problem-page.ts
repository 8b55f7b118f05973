import { createHash } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import { type ProblemTypeDto, type ProblemTypeListDto } from '@latchkey/auth-models';
import { JSON_REPRESENTATION, type Representation } from '../negotiation/representations.js';

const STYLE = `
:root { color-scheme: light dark; --line: #d4d4dc; --soft: #f3f3f7; --quiet: #55555f; }
@media (prefers-color-scheme: dark) { :root { --line: #44444f; --soft: #25252d; --quiet: #a9a9b5; } }
body { margin: 0 auto; max-width: 42rem; padding: 1.5rem 1rem 3rem; font: 1rem/1.6 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 1rem 0 .5rem; }
h2 { font-size: 1.125rem; margin: 2rem 0 .25rem; }
p { margin: .25rem 0; }
header, footer, dd { color: var(--quiet); }
code { font: .9em ui-monospace, monospace; background: var(--soft); border-radius: .25rem; padding: .1em .3em; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; padding: .75rem; white-space: pre-wrap; }
pre code { background: none; padding: 0; }
dt { margin-top: 1rem; }
dd { margin: 0; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); padding-top: .75rem; font-size: .9rem; }
`;

/** Content-Security-Policy of the page: its own style, and nothing else. */
export const PROBLEM_PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Page that explains one or all error codes, for browsers. */
export const PROBLEM_PAGE: Representation = {
  mediaType: 'text/html',
  contentType: 'text/html; charset=utf-8',
  problemContentType: JSON_REPRESENTATION.problemContentType,
  encode: (json) => {
    const explained = JSON.parse(json) as ProblemTypeDto | ProblemTypeListDto;
    return 'items' in explained ? listPage(explained) : typePage(explained);
  },
};

function typePage({ type, code, title, status, meaning, remedy, example }: ProblemTypeDto): string {
  const problem = { type, title, status, detail: meaning, code, traceId: '4f1c2a9e' };
  const response = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${JSON_REPRESENTATION.problemContentType.split(';', 1)[0]}`,
    '',
    JSON.stringify(problem, null, 2),
  ].join('\n');
  // Relative links also work behind a proxy that adds a prefix.
  return page(
    title,
    `<header><a href="../problems">All error codes</a></header>
<main>
<h1>${text(title)}</h1>
<p><code>${text(code)}</code> · HTTP status ${status}</p>
<h2>What it means</h2>
<p>${text(meaning)}</p>
<h2>What to do</h2>
<p>${text(remedy)}</p>
<h2>Example</h2>
<p>${text(example)}</p>
<pre><code>${escaped(response)}</code></pre>
</main>
<footer>Each error has a <code>traceId</code>, which is also in the log of the server. Send it to your administrator if you need help.</footer>`,
  );
}

function listPage({ items }: ProblemTypeListDto): string {
  const entries = items.map(
    ({ code, status, meaning }) =>
      `<dt><a href="problems/${encodeURIComponent(code)}"><code>${text(code)}</code></a> ${status}</dt>\n<dd>${text(meaning)}</dd>`,
  );
  return page(
    'Error codes',
    `<main>
<h1>Error codes</h1>
<p>Each error response of this server has one of these codes.</p>
<dl>
${entries.join('\n')}
</dl>
</main>`,
  );
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text(title)} · Latchkey</title>
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (plain: string) => plain.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

/** Returns text as HTML, with code in backticks. */
const text = (plain: string) => escaped(plain).replace(/`([^`]+)`/g, '<code>$1</code>');
