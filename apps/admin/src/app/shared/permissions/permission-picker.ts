import { ChangeDetectionStrategy, Component, computed, input, model, signal, untracked } from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import type { PermissionUsageDto } from '@latchkey/auth-models';
import { injectTexts } from '../../core/language';
import { Icon } from '../ui/icon';
import { Holders } from './holders';
import { permissionDescription, type PermissionGroup } from './permission-groups';

/** Maximum number of permissions for which all groups are open at first. */
const OPEN_MAX = 40;

/** Maximum number of permissions that a search shows. */
const FOUND_MAX = 100;

let pickers = 0;

interface ShownPermission {
  readonly name: string;
  readonly description: string;
  readonly isSelected: boolean;
  readonly isDisabled: boolean;
  /** Reason why it cannot be selected; `null` if it can. */
  readonly reason: string | null;
  readonly use: PermissionUsageDto | undefined;
}

/**
 * Checkboxes for permissions, grouped by API. Permissions that cannot be selected are disabled, with the
 * reason. Renders the open groups only, because there may be thousands of permissions.
 */
@Component({
  selector: 'app-permission-picker',
  imports: [Holders, Icon, MatCheckbox],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './permission-picker.html',
  styles: `
    .head {
      align-items: baseline;
      padding: var(--space-3) var(--space-4);
    }
    input[type='search'] {
      display: block;
      width: calc(100% - 32px);
      height: 2.5rem;
      margin: 0 var(--space-4) var(--space-3);
      padding: 0 var(--space-3);
      border: 1px solid var(--app-field-line);
      border-radius: var(--mat-sys-corner-medium);
      background: none;
      color: inherit;
      font: inherit;
    }
    /* So that what follows is within reach, however many APIs there are. */
    .groups.long {
      overflow-y: auto;
      max-height: min(640px, 70vh);
    }
    .groups > li {
      border-top: 1px solid var(--mat-sys-outline-variant);
      content-visibility: auto;
      contain-intrinsic-height: auto 52px;
    }
    .group {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      width: 100%;
      min-height: 52px;
      padding: var(--space-2) var(--space-4) var(--space-2) var(--space-3);
      text-align: left;
    }
    .group:hover {
      background: color-mix(in srgb, var(--mat-sys-primary-container) 25%, transparent);
    }
    .group span:first-of-type {
      flex: 1;
      min-width: 0;
    }
    .group app-icon {
      color: var(--mat-sys-on-surface-variant);
    }
    .permissions {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(248px, 100%), 1fr));
      gap: 0 var(--space-3);
      padding: 0 var(--space-4) var(--space-3) var(--space-1);
    }
    .all {
      grid-column: 1 / -1;
    }
    mat-checkbox {
      display: block;
    }
    code {
      overflow-wrap: anywhere;
      font-weight: 600;
    }
    .permissions > li {
      padding-bottom: var(--space-2);
    }
    /* In line with the words beside the checkbox. */
    app-holders {
      display: block;
      margin-left: var(--space-10);
    }
    .reason {
      color: var(--app-accent);
    }
    .outcome {
      padding: var(--space-3) var(--space-4);
      border-top: 1px solid var(--mat-sys-outline-variant);
    }
  `,
})
export class PermissionPicker {
  readonly groups = input.required<readonly PermissionGroup[]>();
  readonly selected = model.required<readonly string[]>();
  readonly isReadOnly = input(false);
  /** Holders of permissions, if they are known. */
  readonly usage = input<readonly PermissionUsageDto[]>([]);
  /** Returns why a permission cannot be selected; `null` if it can. Selected ones can always be removed. */
  readonly reasonFor = input<(permission: string) => string | null>(() => null);

  protected readonly t = injectTexts();
  protected readonly id = `permission-picker-${(pickers += 1)}`;
  protected readonly search = signal('');
  private readonly chosen = computed(() => new Set(this.selected()));
  private readonly uses = computed(() => new Map(this.usage().map((use) => [use.permission, use])));
  private readonly nonEmpty = computed(() =>
    this.groups().filter(({ permissions }) => permissions.length > 0),
  );
  private readonly total = computed(() =>
    this.groups().reduce((sum, { permissions }) => sum + permissions.length, 0),
  );
  protected readonly isSearchable = computed(() => this.total() > OPEN_MAX);
  /** Groups that the user has opened or closed. */
  private readonly toggled = signal<ReadonlyMap<string | null, boolean>>(new Map());
  /**
   * Groups that are open at first: if there are few permissions, those with a selectable one, otherwise those
   * with a selected one.
   */
  private readonly openAtFirst = computed((): ReadonlySet<string | null> => {
    const chosen = untracked(this.chosen);
    const opened: (string | null)[] = [];
    let room = OPEN_MAX;
    for (const { api, permissions } of this.nonEmpty()) {
      const isWanted =
        permissions.some(({ name }) => chosen.has(name)) ||
        (this.total() <= OPEN_MAX && permissions.some(({ name }) => this.canSelect(name)));
      if (room > 0 && (isWanted || (this.isReadOnly() && this.total() <= OPEN_MAX))) {
        opened.push(api);
        room -= permissions.length;
      }
    }
    return new Set(opened);
  });
  private readonly query = computed(() => this.search().trim().toLowerCase());
  private readonly found = computed(() => {
    const query = this.query();
    if (query === '') {
      return null;
    }
    const found = this.nonEmpty().map((group) => ({
      group,
      matches: group.permissions.filter(({ name, description }) =>
        [name, permissionDescription(name, this.t(), description)].some((text) =>
          text.toLowerCase().includes(query),
        ),
      ),
    }));
    return found.filter(({ matches }) => matches.length > 0);
  });
  protected readonly shown = computed(() => {
    let room = FOUND_MAX;
    const found = this.found()?.flatMap(({ group, matches }) => {
      const permissions = matches.slice(0, room);
      room -= permissions.length;
      return permissions.length === 0
        ? []
        : [{ ...group, all: group.permissions, permissions, isOpen: true }];
    });
    const groups =
      found ??
      this.nonEmpty().map((group) => ({
        ...group,
        all: group.permissions,
        isOpen: this.toggled().get(group.api) ?? this.openAtFirst().has(group.api),
      }));
    return groups.map(({ api, description, all, permissions, isOpen }, index) => ({
      api,
      id: `${this.id}-${index}`,
      description,
      count: all.filter(({ name }) => this.chosen().has(name)).length,
      total: all.length,
      canSelect: this.isReadOnly() || all.some(({ name }) => this.chosen().has(name) || this.canSelect(name)),
      isOpen,
      permissions: isOpen ? permissions.map((permission) => this.describe(permission)) : [],
    }));
  });
  /** Number of matches that a search does not show. */
  protected readonly hidden = computed(() => {
    const matching = this.found()?.reduce((sum, { matches }) => sum + matches.length, 0) ?? 0;
    return Math.max(0, matching - FOUND_MAX);
  });

  protected readonly isSelected = (permission: ShownPermission): boolean => permission.isSelected;

  protected changeable(permissions: readonly ShownPermission[]): ShownPermission[] {
    return permissions.filter(({ isDisabled }) => !isDisabled);
  }

  protected toggleGroup(api: string | null, isOpen: boolean): void {
    this.toggled.update((toggled) => new Map([...toggled, [api, !isOpen]]));
  }

  protected toggle(permissions: readonly ShownPermission[], isSelected: boolean): void {
    const names = permissions.map(({ name }) => name);
    const changed = new Set(names);
    this.selected.update((selected) => [
      ...selected.filter((name) => !changed.has(name)),
      ...(isSelected ? names : []),
    ]);
  }

  private canSelect(name: string): boolean {
    return !this.isReadOnly() && this.reasonFor()(name) === null;
  }

  private describe({ name, description }: { name: string; description: string }): ShownPermission {
    const isSelected = this.chosen().has(name);
    const reason = this.isReadOnly() ? null : this.reasonFor()(name);
    const isDisabled = this.isReadOnly() || (reason !== null && !isSelected);
    const text = permissionDescription(name, this.t(), description);
    return { name, description: text, isSelected, isDisabled, reason, use: this.uses().get(name) };
  }
}
