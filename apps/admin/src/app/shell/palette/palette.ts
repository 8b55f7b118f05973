import { Location } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DOCUMENT,
  ElementRef,
  inject,
  Injector,
  afterNextRender,
  signal,
} from '@angular/core';
import { MatIconButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatProgressBar } from '@angular/material/progress-bar';
import { Router } from '@angular/router';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { pastedSecret } from '../../shared/filters/pasted-secret';
import { controlKey, isPaletteKey } from '../../shared/keyboard';
import { Icon } from '../../shared/ui/icon';
import {
  foundEntry,
  kindOf,
  matching,
  PALETTE_GROUPS,
  type PaletteEntry,
  type PaletteGroup,
  permissionFor,
} from './palette-entry';
import { type PaletteContext, SIGN_OUT, staticEntries } from './palette-entries';
import { paletteSearch } from './palette-search';
import { pastedEntries } from './pasted-entries';
import { type RecentEntry, RecentEntries } from './recent-entries';

/** Enough for a pasted error. */
const TEXT_MAX = 2_000;

/**
 * Dialog that finds pages, actions, users, tokens, roles, APIs and settings. Closes with the effect of the
 * chosen entry.
 */
@Component({
  selector: 'app-palette',
  imports: [Icon, MatDialogModule, MatIconButton, MatProgressBar],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './palette.html',
  styleUrl: './palette.scss',
})
export class Palette {
  private readonly context = inject<PaletteContext>(MAT_DIALOG_DATA);
  private readonly dialog = inject<MatDialogRef<Palette, () => void>>(MatDialogRef);
  private readonly document = inject(DOCUMENT);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly injector = inject(Injector);
  private readonly location = inject(Location);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private readonly store = inject(RecentEntries);

  protected readonly t = injectTexts();
  protected readonly maxLength = TEXT_MAX;
  protected readonly controlKey = controlKey();
  protected readonly text = signal('');
  /** Whether a secret was typed or pasted. It is replaced with its preview, and never sent. */
  protected readonly hasSecret = signal(false);
  /** Text to search for; empty while the field has the beginning of a secret. */
  private readonly searched = computed(() => (pastedSecret(this.text()) === null ? this.text() : ''));
  protected readonly search = paletteSearch(this.searched);
  private readonly entriesOf = staticEntries(this.context);
  private readonly recent = this.store.read();

  protected readonly groups = computed((): { name: PaletteGroup; entries: PaletteEntry[] }[] => {
    const { pages, actions } = this.entriesOf;
    const text = this.searched();
    const known = [...pages(), ...actions()];
    const recent = this.recent.flatMap((entry) => this.restored(entry, known));
    const all: Record<PaletteGroup, readonly PaletteEntry[]> = {
      recent: matching(recent, text),
      pasted: pastedEntries(text, this.t()),
      pages: matching(pages(), text),
      actions: matching(actions(), text),
      users: this.search.users(),
      tokens: this.search.tokens(),
      roles: this.search.roles(),
      permissions: this.search.permissions(),
      apis: this.search.apis(),
      settings: this.search.settings(),
    };
    const shown = new Set<string>();
    return PALETTE_GROUPS.map((name) => ({
      name,
      entries: all[name].filter(({ id }) => !shown.has(id) && shown.add(id)),
    })).filter(({ entries }) => entries.length > 0);
  });
  protected readonly entries = computed(() => this.groups().flatMap(({ entries }) => entries));
  /** Id of the entry that the keys chose; otherwise the first is active. */
  protected readonly activeEntry = signal<string | null>(null);
  protected readonly active = computed(
    () => this.entries().find(({ id }) => id === this.activeEntry()) ?? this.entries()[0],
  );
  protected readonly activeId = computed(() => {
    const active = this.active();
    return active === undefined ? null : this.optionId(active);
  });

  protected optionId({ id }: PaletteEntry): string {
    return `palette-entry-${id}`;
  }

  protected type(field: HTMLInputElement): void {
    const secret = pastedSecret(field.value);
    field.value = secret?.preview ?? field.value;
    this.hasSecret.set(secret !== null);
    this.text.set(field.value);
    this.activeEntry.set(null);
  }

  protected onKeydown(event: KeyboardEvent): void {
    const entries = this.entries();
    const at = entries.findIndex((entry) => entry === this.active());
    const { key } = event;
    if (isPaletteKey(event)) {
      this.dialog.close();
    } else if (key === 'ArrowDown' || key === 'ArrowUp') {
      this.activate(entries[(at + (key === 'ArrowDown' ? 1 : -1) + entries.length) % entries.length]);
    } else if (key === 'Enter' && !event.isComposing) {
      this.choose(entries[at], event.ctrlKey || event.metaKey);
    } else {
      return;
    }
    event.preventDefault();
  }

  protected hrefOf({ target }: PaletteEntry): string | null {
    return typeof target === 'string' ? this.location.prepareExternalUrl(target) : null;
  }

  protected click(event: MouseEvent, entry: PaletteEntry): void {
    event.preventDefault();
    this.choose(entry, event.ctrlKey || event.metaKey);
  }

  private activate(entry: PaletteEntry | undefined): void {
    if (entry === undefined) {
      return;
    }
    this.activeEntry.set(entry.id);
    afterNextRender(
      () => this.host.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }),
      { injector: this.injector },
    );
  }

  private choose(entry: PaletteEntry | undefined, inNewTab: boolean): void {
    if (entry === undefined) {
      return;
    }
    // Pasted ids would soon be out of date.
    if (!entry.id.startsWith('pasted:') && entry.id !== SIGN_OUT) {
      this.store.add(entry);
    }
    const { target } = entry;
    if (typeof target !== 'string') {
      this.dialog.close(target);
    } else if (inNewTab) {
      this.document.defaultView?.open(this.location.prepareExternalUrl(target), '_blank', 'noopener');
      this.dialog.close();
    } else {
      this.dialog.close(() => void this.router.navigateByUrl(target));
    }
  }

  /** Returns the entry for a stored one, if it still exists. */
  private restored({ id, label, detail }: RecentEntry, known: readonly PaletteEntry[]): PaletteEntry[] {
    const kind = kindOf(id);
    if (kind === undefined) {
      return known.filter((entry) => entry.id === id);
    }
    const permission = permissionFor(kind);
    const isVisible = permission === undefined || this.session.can(permission);
    return isVisible ? [foundEntry(kind, id.slice(kind.length + 1), { label, detail })] : [];
  }
}
