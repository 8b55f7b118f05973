import { type MailContent } from './mailer.service.js';

/** Part of a message: a paragraph, a list, or a link on a line of its own. */
export type Block =
  string | { readonly items: readonly string[] } | { readonly label: string; readonly link: string };

/** Message before its rendering as text and HTML. */
export interface Letter {
  readonly subject: string;
  readonly blocks: readonly Block[];
  /** States the sender. */
  readonly footer: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Renders a message as plain text, and as HTML without images, scripts or addresses of other hosts. */
export function render({ subject, blocks, footer }: Letter, language: string): MailContent {
  return {
    subject,
    text: `${[...blocks.map(textOf), `-- \n${footer}`].join('\n\n')}\n`,
    html: `<!doctype html>
<html lang="${language}">
<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif;color:#1d1b20;background:#ffffff">
<div style="max-width:36em">
${blocks.map(htmlOf).join('\n')}
<p style="margin-top:32px;font-size:14px;color:#5f5d66">${escapeHtml(footer)}</p>
</div>
</body>
</html>
`,
  };
}

function textOf(block: Block): string {
  if (typeof block === 'string') {
    return block;
  }
  return 'items' in block
    ? block.items.map((item) => `- ${item}`).join('\n')
    : `${block.label}:\n${block.link}`;
}

function htmlOf(block: Block): string {
  if (typeof block === 'string') {
    return `<p>${escapeHtml(block)}</p>`;
  }
  if ('items' in block) {
    return `<ul>${block.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;
  }
  const link = escapeHtml(block.link);
  // The address is readable, so that recipients can compare it before they follow it.
  return `<p><a href="${link}">${escapeHtml(block.label)}</a><br><span style="word-break:break-all">${link}</span></p>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
