import { TOKEN_STATES } from '@latchkey/auth-models/lists';
import type { Texts } from '../../core/texts/texts';
import { isPreview } from '../../shared/filters/pasted-secret';
import { traceIdIn } from '../../shared/rejections/pasted-text';
import type { PaletteEntry } from './palette-entry';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-([0-9a-f])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** A trace id of the server, or one of W3C Trace Context. */
const TRACE_ID = /^[0-9a-f]{32}$/i;
/** Version of the UUIDs that are ids of tokens. */
const TOKEN_ID_VERSION = '7';

/** Returns the entries for a pasted trace id, the id or the preview of a token, or a whole error. */
export function pastedEntries(text: string, { lists, palette }: Texts): PaletteEntry[] {
  const trimmed = text.trim();
  if (isPreview(trimmed)) {
    const preview = trimmed.replace('...', '…');
    const list = new URLSearchParams({ kind: 'any', q: preview, state: TOKEN_STATES.join(',') });
    const rejections = new URLSearchParams({ tokenPreview: preview });
    return [
      {
        id: 'pasted:token',
        icon: 'key',
        label: lists.findToken(preview),
        target: `/tokens?${list.toString()}`,
      },
      {
        id: 'pasted:rejections',
        icon: 'ban',
        label: palette.rejectionsOf(preview),
        target: `/explanations?${rejections.toString()}`,
      },
    ];
  }
  const id = traceIdIn(trimmed);
  const version = UUID.exec(id)?.[1];
  if (version === TOKEN_ID_VERSION) {
    return [
      { id: 'pasted:token', icon: 'key', label: palette.openToken, detail: id, target: `/tokens/${id}` },
    ];
  }
  // A labelled id can have any form, because clients may send their own.
  if (version !== undefined || TRACE_ID.test(id) || id !== trimmed) {
    const target = `/explanations/${encodeURIComponent(id)}`;
    return [{ id: 'pasted:trace', icon: 'ban', label: palette.explain, detail: id, target }];
  }
  return [];
}
