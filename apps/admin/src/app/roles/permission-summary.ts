import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { type ApiPermissionDto, BUILT_IN_PERMISSIONS } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import type { Texts } from '../core/texts/texts';
import { permissionDescription } from '../shared/roles/roles';
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
      @if (summary().descriptions.length > 0) {
        <p>{{ t().roles.summary.permissions }}</p>
        <ul>
          @for (description of summary().descriptions; track description) {
            <li><app-icon name="check" />{{ description }}</li>
          }
        </ul>
      } @else {
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
      gap: 10px;
    }
    div {
      margin-top: 8px;
    }
    li {
      display: flex;
      gap: 10px;
    }
    li app-icon {
      color: var(--app-good);
    }
  `,
})
export class PermissionSummary {
  /** All permissions that exist. */
  readonly permissions = input.required<readonly ApiPermissionDto[]>();
  /** Names of the selected permissions. */
  readonly selected = input.required<readonly string[]>();
  readonly isBuiltIn = input(false);

  protected readonly t = injectTexts();
  protected readonly summary = computed(() =>
    summarizePermissions(this.selected(), this.permissions(), this.isBuiltIn(), this.t()),
  );
}

/**
 * Summarizes a selection of permissions.
 *
 * @param all all permissions that exist.
 * @param isBuiltIn whether the role also gets the permissions of feature modules added later.
 */
export function summarizePermissions(
  selected: readonly string[],
  all: readonly ApiPermissionDto[],
  isBuiltIn: boolean,
  texts: Texts,
): { descriptions: string[]; warnings: string[]; hints: string[] } {
  const names = new Set(selected);
  return {
    descriptions: all
      .filter(({ name }) => names.has(name))
      .map(({ name, description }) => permissionDescription(name, texts, description)),
    warnings: warningsOf(names, all, isBuiltIn, texts),
    hints: writeOnlyResources(names, all).map((resource) => texts.roles.summary.unseen(resource)),
  };
}

function warningsOf(
  selected: ReadonlySet<string>,
  all: readonly ApiPermissionDto[],
  isBuiltIn: boolean,
  { roles }: Texts,
): string[] {
  const { warnings } = roles.summary;
  const ofServer = all.filter(({ name }) => name in BUILT_IN_PERMISSIONS);
  if (ofServer.length > 0 && ofServer.every(({ name }) => selected.has(name))) {
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
function writeOnlyResources(selected: ReadonlySet<string>, all: readonly ApiPermissionDto[]): string[] {
  const resources = new Set(all.map(({ name }) => name.split(':')[0] ?? ''));
  return [...resources].filter(
    (resource) =>
      selected.has(`${resource}:write`) &&
      !selected.has(`${resource}:read`) &&
      all.some(({ name }) => name === `${resource}:read`),
  );
}
