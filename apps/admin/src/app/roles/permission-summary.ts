import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { apiOf, BUILT_IN_PERMISSIONS } from '@latchkey/auth-models/lists';
import { injectTexts } from '../core/language';
import type { Texts } from '../core/texts/texts';
import { permissionDescription, type PermissionGroup } from '../shared/permissions/permission-groups';
import { Icon } from '../shared/ui/icon';

/** Describes in plain sentences what a selection of permissions allows, and warns of powerful ones. */
@Component({
  selector: 'app-permission-summary',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { class: 'card' },
  template: `
    <h2 class="card-title">{{ t().roles.summary.heading }}</h2>
    <div aria-live="polite">
      @for (warning of summary().warnings; track warning) {
        <p class="notice"><app-icon name="alert" />{{ warning }}</p>
      }
      @for (group of summary().groups; track group.api) {
        @if (group.api === null) {
          <p>{{ t().roles.summary.permissions }}</p>
        } @else {
          <h3 class="small-title">{{ t().roles.summary.at(group.api) }}</h3>
        }
        <ul>
          @for (description of group.descriptions; track $index) {
            <li><app-icon name="check" />{{ description }}</li>
          }
        </ul>
      } @empty {
        <p>{{ t().roles.summary.noPermissions }}</p>
      }
      @for (hint of summary().hints; track hint) {
        <p class="second-line">{{ hint }}</p>
      }
    </div>
  `,
  styles: `
    div,
    ul {
      display: grid;
      gap: var(--space-3);
    }
    div {
      margin-top: var(--space-2);
    }
    li {
      display: flex;
      gap: var(--space-3);
    }
    li app-icon {
      color: var(--app-good);
    }
  `,
})
export class PermissionSummary {
  /** All permissions that exist. */
  readonly groups = input.required<readonly PermissionGroup[]>();
  /** Names of the selected permissions. */
  readonly selected = input.required<readonly string[]>();
  readonly isBuiltIn = input(false);

  protected readonly t = injectTexts();
  protected readonly summary = computed(() =>
    summarizePermissions(this.selected(), this.groups(), this.isBuiltIn(), this.t()),
  );
}

/** Sentences about the permissions of a role at an API. */
interface GroupSummary {
  /** Name of the API; `null` for the server itself. */
  readonly api: string | null;
  readonly descriptions: readonly string[];
}

/**
 * Summarizes a selection of permissions.
 *
 * @param all all permissions that exist.
 * @param isBuiltIn whether the role also gets the permissions of feature modules added later.
 */
export function summarizePermissions(
  selected: readonly string[],
  all: readonly PermissionGroup[],
  isBuiltIn: boolean,
  texts: Texts,
): { groups: GroupSummary[]; warnings: string[]; hints: string[] } {
  const names = new Set(selected);
  const server = all.find(({ api }) => api === null)?.permissions.map(({ name }) => name) ?? [];
  return {
    groups: all
      .map(({ api, permissions }) => ({
        api,
        descriptions: permissions
          .filter(({ name }) => names.has(name))
          .map(({ name, description }) => permissionDescription(name, texts, description) || name),
      }))
      .filter(({ descriptions }) => descriptions.length > 0),
    warnings: warningsOf(names, server, isBuiltIn, texts),
    hints: writeOnlyResources(names, server).map((resource) => texts.roles.summary.unseen(resource)),
  };
}

function warningsOf(
  selected: ReadonlySet<string>,
  ofServer: readonly string[],
  isBuiltIn: boolean,
  { roles }: Texts,
): string[] {
  const { warnings } = roles.summary;
  const builtIn = ofServer.filter((name) => name in BUILT_IN_PERMISSIONS);
  if (builtIn.length > 0 && builtIn.every((name) => selected.has(name))) {
    return [isBuiltIn ? warnings.administrator : warnings.everything];
  }
  const [setsPasswords, createsTokens] = [selected.has('users:write'), selected.has('tokens:write')];
  return [
    ...(setsPasswords && createsTokens ? [warnings.passwordOrToken] : []),
    ...(setsPasswords && !createsTokens ? [warnings.password] : []),
    ...(createsTokens && !setsPasswords ? [warnings.token] : []),
    ...(selected.has('roles:write') ? [warnings.roles] : []),
  ];
}

/** Returns the resources with a selected write permission whose existing read permission is not selected. */
function writeOnlyResources(selected: ReadonlySet<string>, all: readonly string[]): string[] {
  return [...new Set(all.map(apiOf))].filter(
    (resource) =>
      selected.has(`${resource}:write`) &&
      !selected.has(`${resource}:read`) &&
      all.includes(`${resource}:read`),
  );
}
