/** Number and seal of an entry, which together identify the entry and all entries before it. */
export interface ChainHead {
  readonly sequence: number;
  readonly mac: string;
}

const FORM = /^(\d{1,15}):([A-Za-z0-9_-]{43})?$/;

/** Formats a head for export: `sequence:mac`. */
export function formatHead({ sequence, mac }: ChainHead): string {
  return `${sequence}:${mac}`;
}

/** Parses an exported head. Returns `undefined` for any other text. */
export function parseHead(text: string): ChainHead | undefined {
  const [, sequence, mac = ''] = FORM.exec(text.trim()) ?? [];
  return sequence === undefined ? undefined : { sequence: Number(sequence), mac };
}
