/** An entry of the trail by its number and its seal, which together stand for all that came before it. */
export interface ChainHead {
  readonly sequence: number;
  readonly mac: string;
}

const FORM = /^(\d{1,15}):([A-Za-z0-9_-]{43})?$/;

/** Writes a head as it is exported: `sequence:mac`. */
export function formatHead({ sequence, mac }: ChainHead): string {
  return `${sequence}:${mac}`;
}

/** Reads an exported head; `undefined` if the text is none. */
export function parseHead(text: string): ChainHead | undefined {
  const [, sequence, mac = ''] = FORM.exec(text.trim()) ?? [];
  return sequence === undefined ? undefined : { sequence: Number(sequence), mac };
}
