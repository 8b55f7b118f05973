import { inject, Injectable } from '@angular/core';
import { BrowserStorage } from '../../core/browser-storage';
import { RECENT_ENTRIES_KEY, Session } from '../../core/session';
import type { PaletteEntry } from './palette-entry';

const RECENT_MAX = 5;
const TEXT_MAX = 300;

/** An entry as it is stored: users and tokens with their texts, the others by id. */
export type RecentEntry = Pick<PaletteEntry, 'id' | 'label' | 'detail'>;

/** The entries used last, kept in this browser for the signed-in user. */
@Injectable({ providedIn: 'root' })
export class RecentEntries {
  private readonly storage = inject(BrowserStorage);
  private readonly session = inject(Session);

  read(): RecentEntry[] {
    return parseRecent(this.storage.read(this.key()));
  }

  add({ id, label, detail }: PaletteEntry): void {
    const others = this.read().filter((other) => other.id !== id);
    this.storage.write(this.key(), JSON.stringify([{ id, label, detail }, ...others].slice(0, RECENT_MAX)));
  }

  private key(): string {
    return `${RECENT_ENTRIES_KEY}${this.session.user()?.name ?? ''}`;
  }
}

/** Reads stored entries. Ignores invalid ones. */
export function parseRecent(text: string | null): RecentEntry[] {
  let stored: unknown;
  try {
    stored = JSON.parse(text ?? '');
  } catch {
    return [];
  }
  return (Array.isArray(stored) ? stored : []).flatMap(entryOf).slice(0, RECENT_MAX);
}

function entryOf(stored: unknown): RecentEntry[] {
  const { id, label, detail } = (stored ?? {}) as Partial<Record<keyof RecentEntry, unknown>>;
  return isText(id) && isText(label) ? [{ id, label, ...(isText(detail) && { detail }) }] : [];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= TEXT_MAX;
}
